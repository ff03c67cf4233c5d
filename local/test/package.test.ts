import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';

const PACKAGE = join(import.meta.dirname, '..');
const SOURCES = globSync('**/*.{ts,cjs}', { cwd: PACKAGE, exclude: ['node_modules/**'] });
const IMPORT = /(?:\bfrom |\bimport |\bimport\(|(?<![.\w])require\()'([^']+)'/g;

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const importsOf = (file: string) =>
  [...readFileSync(join(PACKAGE, file), 'utf8').matchAll(IMPORT)].map(([, path = '']) => path);
const packageOf = (path: string) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');

test('imports no file outside the package', () => {
  const outside = SOURCES.flatMap((file) =>
    importsOf(file)
      .filter(
        (path) =>
          path.startsWith('.') && relative(PACKAGE, join(PACKAGE, dirname(file), path)).startsWith('..'),
      )
      .map((path) => `${file} imports ${path}`),
  );
  assert.deepEqual(outside, []);
});

test('imports only the packages that package.json names, the services only its dependencies', () => {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Manifest;
  const { dependencies, devDependencies } = manifest;
  const unnamed = SOURCES.flatMap((file) => {
    const allowed = file.startsWith('test/') ? { ...dependencies, ...devDependencies } : dependencies;
    return importsOf(file)
      .filter((path) => !path.startsWith('.') && !path.startsWith('node:') && !(packageOf(path) in allowed))
      .map((path) => `${file} imports ${path}`);
  });
  assert.deepEqual(unnamed, []);
});
