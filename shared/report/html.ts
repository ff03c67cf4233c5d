/** A piece of HTML that is safe to put into a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | false | undefined | Part[];

/** A template whose values are escaped, unless they are HTML themselves. Absent ones are left out; lists are joined. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  const text = strings.reduce((page, piece, index) => page + textOf(values[index - 1]) + piece);
  return new Html(text);
}

/** HTML that was made elsewhere, such as a chart. */
export function raw(text: string): Html {
  return new Html(text);
}

function textOf(value: Part): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(textOf).join('');
  return escapeHtml(String(value));
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
