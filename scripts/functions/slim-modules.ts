import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Loader, Plugin } from 'esbuild';

/**
 * Replaces parts of the packages that a function never reaches. Each replacement either saves at least 3 % of the start-up time or
 * keeps the bundle below 1.2 MB; docs/reference/functions.md has the figures. A call that would need the replaced part fails in the
 * tests that run these bundles, or with an error that names the part.
 */
interface Replacement {
  /** Matches the module's path. */
  filter: RegExp;
  contents: string | ((text: string) => string);
  loader?: Loader;
}

const EMPTY = '';

const REPLACEMENTS: Replacement[] = [
  // gRPC: the clients load it beside REST, but use it only on request. 370 kB.
  {
    filter: /\/google-gax\/build\/src\/index\.js$/,
    contents: `
      exports.fallback = require('google-gax/fallback');
      exports.loggingUtils = require('google-logging-utils');`,
  },
  // Re-exported for the clients of other services. 530 kB.
  { filter: /\/google-gax\/build\/protos\/(iam_service|locations|operations)\.js(on)?$/, contents: EMPTY },
  // Node 24 has web streams. 75 kB.
  { filter: /\/fetch-blob\/streams\.cjs$/, contents: EMPTY },
  // Node's own streams, which this package exports itself with READABLE_STREAM=disable. 45 kB.
  { filter: /\/readable-stream\/readable\.js$/, contents: `module.exports = require('stream');` },
  // 2,000 named characters: the error texts of Cloud Storage use only those of XML.
  {
    filter: /\/html-entities\/dist\/esm\/index\.js$/,
    contents: `
      const CHARACTERS = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
      export const decode = (text) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => CHARACTERS[name]);`,
  },
  // Types by file name: we always state an object's type.
  { filter: /\/node_modules\/mime\/index\.js$/, contents: `module.exports = { getType: () => null };` },
  // A table of 2,500 types, of which the framework uses a few.
  { filter: /\/mime-db\/db\.json$/, contents: ofTheFramework, loader: 'json' },
  // Forms and queries with nested objects. 40 kB.
  {
    filter: /\/qs\/lib\/index\.js$/,
    contents: `
      const { parse } = require('node:querystring');
      exports.parse = (text) => parse(text);`,
  },
  // Deprecation warnings: to name the caller, the package has V8 find every line end in a script of one megabyte.
  {
    filter: /\/depd\/index\.js$/,
    contents: `
      const deprecate = Object.assign(() => {}, { function: (wrapped) => wrapped, property() {} });
      module.exports = () => deprecate;`,
  },
  // The output of express with DEBUG set.
  {
    filter: /\/debug\/src\/index\.js$/,
    contents: `module.exports = () => Object.assign(() => {}, { enabled: false });`,
  },
  // Resumable uploads: our objects are small and take one request (`resumable: false`).
  {
    filter: /\/@google-cloud\/storage\/build\/esm\/src\/resumable-upload\.js$/,
    contents: `
      export function upload() {
        throw new Error('Resumable uploads are not in this bundle.');
      }
      export const createURI = upload;`,
  },
  // Tokens signed with a service account's key: a function gets its token from the metadata server.
  { filter: /\/jws\/index\.js$/, contents: EMPTY },
  // Character sets other than UTF-8, Latin-1 and UTF-16. 490 kB.
  {
    filter: /\/iconv-lite\/encodings\/index\.js$/,
    contents: `Object.assign(exports, require('./internal'));`,
  },
];

const FRAMEWORK_TYPES = new Set([
  'application/json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'text/html',
  'text/plain',
]);

function ofTheFramework(database: string): string {
  const types = Object.entries(JSON.parse(database) as object);
  return JSON.stringify(Object.fromEntries(types.filter(([type]) => FRAMEWORK_TYPES.has(type))));
}

/** Modules that resolve to another module. */
const ALIASES: Record<string, string> = {
  // One copy for all packages. 20 kB.
  gaxios: from('google-auth-library').resolve('gaxios'),
  // Domains hook into every promise; nothing here needs them.
  domain: join(import.meta.dirname, 'without-domains.cjs'),
};

/** Resolves modules the way that package does. */
function from(name: string): NodeJS.Require {
  return createRequire(createRequire(import.meta.url).resolve(name));
}

export const slimModules: Plugin = {
  name: 'slim-modules',
  setup(bundle) {
    for (const [name, path] of Object.entries(ALIASES)) {
      bundle.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path }));
    }
    for (const { filter, contents, loader = 'js' } of REPLACEMENTS) {
      bundle.onLoad({ filter }, ({ path }) => ({
        contents: typeof contents === 'string' ? contents : contents(readFileSync(path, 'utf8')),
        loader,
        resolveDir: dirname(path),
      }));
    }
  },
};
