import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Top of the checkout. */
export const ROOT = join(import.meta.dirname, '../..');

/** A fenced block of code. */
export interface Fence {
  /** Of the document, from the top of the checkout. */
  file: string;
  /** Of its first line of content. */
  line: number;
  language: string;
  /** What follows the language: the name of the file that the block shows, or nothing. */
  title: string;
  text: string;
}

export interface Document {
  /** From the top of the checkout: `docs/guide/requests.md`. */
  file: string;
  text: string;
  fences: Fence[];
}

/** README, CONTRIBUTING and everything below docs/. */
export function documents(): Document[] {
  const below = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const files = below.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return ['README.md', 'CONTRIBUTING.md', ...files.sort()].map(readDocument);
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
