/** A value: as `alt=text` and as `alt=json` show it. */
export interface Leaf {
  text: string;
  json: unknown;
  /** Shown in a listing, but left out of `recursive=true`, as tokens are. */
  secret?: boolean;
  /** The text is JSON, and is sent as such: google.auth for Python looks at the content type. */
  isJson?: boolean;
}

/**
 * A directory; `naming` tells how its JSON form is keyed: `camel` turns `machine-type` into `machineType`,
 * `verbatim` keeps the names (attributes, service accounts), `list` is an array of numbered entries.
 */
export interface Directory {
  naming: 'camel' | 'verbatim' | 'list';
  entries: Record<string, Entry>;
}

export type Entry = Leaf | Directory;

export const leaf = (text: string, json: unknown = text): Leaf => ({ text, json });
export const jsonLeaf = (json: unknown): Leaf => ({ text: JSON.stringify(json), json, isJson: true });
export const lines = (values: string[]): Leaf => ({ text: values.join('\n'), json: values });
export const directory = (entries: Record<string, Entry>): Directory => ({ naming: 'camel', entries });
export const verbatim = (entries: Record<string, Entry>): Directory => ({ naming: 'verbatim', entries });
export const list = (items: Entry[]): Directory => ({
  naming: 'list',
  entries: Object.fromEntries(items.map((item, index) => [String(index), item])),
});

export function isDirectory(entry: Entry): entry is Directory {
  return 'entries' in entry;
}

/** The entry at `path`, or undefined. */
export function entryAt(root: Entry, path: string[]): Entry | undefined {
  let entry: Entry | undefined = root;
  for (const name of path) {
    if (!entry || !isDirectory(entry) || !Object.hasOwn(entry.entries, name)) return undefined;
    entry = entry.entries[name];
  }
  return entry;
}

/** The names in a directory, one a line, directories with a slash. */
export function listing(entry: Directory): string {
  return visible(entry, true)
    .map(([name, child]) => (isDirectory(child) ? `${name}/\n` : `${name}\n`))
    .join('');
}

/** An entry and all below it as a JSON value (`recursive=true&alt=json`). */
export function asJson(entry: Entry): unknown {
  if (!isDirectory(entry)) return entry.json;
  const children = visible(entry, false);
  if (entry.naming === 'list') return children.map(([, child]) => asJson(child));
  const key = entry.naming === 'camel' ? camelCase : (name: string) => name;
  return Object.fromEntries(children.map(([name, child]) => [key(name), asJson(child)]));
}

/** An entry and all below it as lines of path and value (`recursive=true&alt=text`). */
export function asText(entry: Entry, path = ''): string {
  if (!isDirectory(entry)) return path === '' ? entry.text : `${path} ${entry.text}\n`;
  return visible(entry, false)
    .map(([name, child]) => asText(child, path === '' ? name : `${path}/${name}`))
    .join('');
}

function visible(entry: Directory, withSecrets: boolean): [string, Entry][] {
  return Object.entries(entry.entries).filter(
    ([, child]) => withSecrets || isDirectory(child) || child.secret !== true,
  );
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
