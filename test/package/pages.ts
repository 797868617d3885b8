import { readdirSync } from 'node:fs';

export const root = new URL('../../../', import.meta.url);

/** The README and the guides beside the code, by their paths from the root. */
export const pages: readonly string[] = [
  ...readdirSync(root, { encoding: 'utf8' }),
  ...['src', 'stress', 'test'].flatMap(folder =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .map(name => `${folder}/${name.replaceAll('\\', '/')}`)),
].filter(name => name.endsWith('.md'));
