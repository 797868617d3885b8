/** One entry of apt's source lists: an address with suites and components. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
}

/** The deb822 form (`*.sources`): paragraphs of `Field: value`, continued on indented lines. */
export function parseSourcesFile(text: string): AptSource[] {
  return text
    .split('\n')
    .filter(line => !line.startsWith('#'))
    .join('\n')
    .split(/\n[ \t]*\n/)
    .map(parseFields)
    .filter(fields => words(fields.get('types')).includes('deb') && fields.get('enabled')?.toLowerCase() !== 'no')
    .map(fields => ({
      uris: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
      signedBy: fields.get('signed-by'),
    }));
}

function parseFields(paragraph: string): Map<string, string> {
  const fields = new Map<string, string>();
  let name = '';
  for (const line of paragraph.split('\n')) {
    const start = /^([A-Za-z-]+):(.*)$/.exec(line);
    if (start === null) {
      // A continuation. Its line break matters where the value is a key in full.
      fields.set(name, `${fields.get(name) ?? ''}\n${line}`);
    } else {
      name = (start[1] ?? '').toLowerCase();
      fields.set(name, (start[2] ?? '').trim());
    }
  }
  return fields;
}

/** The one-line form (`*.list`): `deb [option=value ...] uri suite component ...`. */
export function parseListFile(text: string): AptSource[] {
  return text.split('\n').flatMap(line => {
    const match = /^deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line.trim());
    if (match === null) return [];
    const [, options, uri = '', suite = '', components] = match;
    const signedBy = words(options).find(option => option.startsWith('signed-by='));
    return [{ uris: [uri], suites: [suite], components: words(components), signedBy: signedBy?.slice('signed-by='.length) }];
  });
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter(word => word !== '');
}

/**
 * The distribution's own release and its updates: without security suites, whose indexes are at times broken for i386, and
 * without other people's repositories.
 */
export function releaseOnly(sources: readonly AptSource[], codename: string): AptSource[] {
  const kept = [codename, `${codename}-updates`, 'stable', 'stable-updates'];
  return sources
    .map(source => ({
      ...source,
      uris: source.uris.filter(uri => !uri.includes('security')),
      suites: source.suites.filter(suite => kept.includes(suite)),
    }))
    .filter(({ uris, suites, components }) => uris.length > 0 && suites.length > 0 && components.includes('main'));
}

export function formatSources(sources: readonly AptSource[]): string {
  return sources
    .map(({ uris, suites, components, signedBy }) =>
      [
        'Types: deb',
        `URIs: ${uris.join(' ')}`,
        `Suites: ${suites.join(' ')}`,
        `Components: ${components.join(' ')}`,
        ...(signedBy === undefined ? [] : [`Signed-By: ${signedBy}`]),
      ].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}
