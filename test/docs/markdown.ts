import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The top folder of the checkout. */
export const ROOT = join(import.meta.dirname, '../..');

const OTHERS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'examples/vicinity/README.md'];

/** A fenced block of code. */
export interface Fence {
  /** Path of the document, relative to the top of the checkout. */
  file: string;
  /** Number of its first line of content, from 1. */
  line: number;
  language: string;
  /** The text after the language: the name of the file that the block shows, or an empty string. */
  title: string;
  text: string;
}

export interface Document {
  /** Path relative to the top of the checkout, such as `docs/guide/requests.md`. */
  file: string;
  text: string;
  fences: Fence[];
}

/** The documents at the top of the checkout, that of the example, and everything below docs/. */
export function documents(): Document[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const files = below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return [...OTHERS, ...files.sort()].map(readDocument);
}

export function readDocument(file: string): Document {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return { file, text, fences: fencesOf(relative('.', file), text) };
}

function fencesOf(file: string, text: string): Fence[] {
  return [...text.matchAll(/^```(\w+)(?: (.+))?\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, language = '', title = '', content = ''] = match;
    const line = text.slice(0, match.index).split('\n').length + 1;
    return { file, line, language, title, text: content };
  });
}

/** The text without its fenced blocks. */
export function prose({ text }: Document): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '');
}
