/** Text that is HTML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Part[];

/** HTML from a template. What is put in is text, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((string, index) => string + (index < parts.length ? toHtml(parts[index] ?? '') : '')).join(''));
}

function toHtml(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return part.map(toHtml).join('');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** For a script element: nothing in it may look like its end. */
export function embeddedJson(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

export interface Column {
  readonly head: string;
  /** Numbers stand to the right. Default: text. */
  readonly isNumber?: boolean;
}

export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Part[])[]): Markup {
  const alignment = (column: number) => columns[column]?.isNumber === true ? new Markup(' class="number"') : '';
  return html`<table><caption>${caption}</caption>
<thead><tr>${columns.map(({ head }, column) => html`<th scope="col"${alignment(column)}>${head}</th>`)}</tr></thead>
<tbody>${rows.map(row => html`<tr>${row.map((cell, column) => html`<td${alignment(column)}>${cell}</td>`)}</tr>\n`)}</tbody></table>`;
}
