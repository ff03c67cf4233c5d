import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { type Document, documents, prose, ROOT } from './markdown.ts';

const DOCUMENTS = documents();
const SCRIPTS = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts);

/** Paths of this repository in code spans. Paths in a pipeline or a bucket begin with other folders. */
const OWN_PATH =
  /^(?:\.ci|bench|cli|dashboard|deploy|docs|examples|functions|local|scripts|shared|startup-script|test)\/[\w./-]*$/;

for (const document of DOCUMENTS) {
  test(`${document.file}: link targets exist`, () => {
    assert.deepEqual(
      linksOf(document).filter((link) => !leadsSomewhere(document.file, link)),
      [],
    );
  });

  test(`${document.file}: paths in code spans exist`, () => {
    const paths = codeSpans(document).filter((span) => OWN_PATH.test(span));
    assert.deepEqual(
      paths.filter(
        (path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, dirname(document.file), path)),
      ),
      [],
    );
  });

  test(`${document.file}: npm scripts exist`, () => {
    const named = [...document.text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = '']) => script);
    assert.deepEqual(
      named.filter((script) => !SCRIPTS.includes(script)),
      [],
    );
  });
}

test('every document except the README is linked from another one', () => {
  const linked = new Set(
    DOCUMENTS.flatMap((document) => linksOf(document).map((link) => target(document.file, link))),
  );
  const folders = [...linked].filter((path) => existsSync(join(ROOT, path)));
  const isReached = (file: string) => linked.has(file) || folders.includes(dirname(file));
  assert.deepEqual(
    DOCUMENTS.map(({ file }) => file).filter((file) => file !== 'README.md' && !isReached(file)),
    [],
  );
});

/** Targets of links and images within this repository. */
function linksOf(document: Document): string[] {
  const links = [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => !/^https?:/.test(link));
}

function target(file: string, link: string): string {
  const [path = ''] = link.split('#');
  return path === '' ? file : normalize(join(dirname(file), path));
}

function leadsSomewhere(file: string, link: string): boolean {
  const path = target(file, link);
  const [, anchor] = link.split('#');
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || anchorsOf(path).includes(anchor);
}

/** Anchors of headings, as GitHub generates them. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(join(ROOT, file), 'utf8').match(/^#+ .+$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .replaceAll(/&[lg]t;/g, '')
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function codeSpans(document: Document): string[] {
  return [...prose(document).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}
