import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Loader, Plugin } from 'esbuild';

/**
 * Parts of the packages that a function never reaches, by a smaller equivalent. Each says why. What a stub would be asked for wrongly
 * fails in the tests that run these bundles, or says that it is not in the bundle.
 */
interface Replacement {
  /** Of the module's path. */
  filter: RegExp;
  contents: string | ((text: string) => string);
  loader?: Loader;
}

const EMPTY = '';

const REPLACEMENTS: Replacement[] = [
  // gRPC, which the clients load beside REST and use only where asked to.
  {
    filter: /\/google-gax\/build\/src\/index\.js$/,
    contents: `
      exports.fallback = require('google-gax/fallback');
      exports.loggingUtils = require('google-logging-utils');`,
  },
  // Re-exported for clients of other services.
  { filter: /\/google-gax\/build\/protos\/(iam_service|locations|operations)\.js(on)?$/, contents: EMPTY },
  { filter: /\/google-gax\/build\/src\/resumable(Upload|SourceFromFile)\.js$/, contents: EMPTY },
  // Node 24 has web streams.
  { filter: /\/fetch-blob\/streams\.cjs$/, contents: EMPTY },
  // Node's own streams, as this package itself exports with READABLE_STREAM=disable.
  { filter: /\/readable-stream\/readable\.js$/, contents: `module.exports = require('stream');` },
  // Error messages in other languages.
  { filter: /\/zod\/v4\/locales\/index\.js$/, contents: `export { default as en } from './en.js';` },
  // 2000 named characters: the error texts of Cloud Storage have XML's.
  {
    filter: /\/html-entities\/dist\/esm\/index\.js$/,
    contents: `
      const CHARACTERS = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
      export const decode = (text) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => CHARACTERS[name]);`,
  },
  // Types by file name: we always say an object's type.
  { filter: /\/node_modules\/mime\/index\.js$/, contents: `module.exports = { getType: () => null };` },
  // For the text of an error that only a fault of its caller provokes.
  { filter: /\/object-inspect\/index\.js$/, contents: `module.exports = String;` },
  // A table of 2500 types, of which the framework answers with a few.
  { filter: /\/mime-db\/db\.json$/, contents: ofTheFramework, loader: 'json' },
  // Forms and queries with objects in them.
  {
    filter: /\/qs\/lib\/index\.js$/,
    contents: `
      const { parse } = require('node:querystring');
      exports.parse = (text) => parse(text);`,
  },
  // Warnings of old ways to call: to say whose call it is, it has V8 find all ends of lines in a script of a megabyte.
  {
    filter: /\/depd\/index\.js$/,
    contents: `
      const deprecate = Object.assign(() => {}, { function: (wrapped) => wrapped, property() {} });
      module.exports = () => deprecate;`,
  },
  // What express prints where DEBUG is set.
  {
    filter: /\/debug\/src\/index\.js$/,
    contents: `module.exports = () => Object.assign(() => {}, { enabled: false });`,
  },
  // Files on disk, as a web server would send them.
  { filter: /\/(send|serve-static)\/index\.js$/, contents: EMPTY },
  // Uploads in parts: our objects are small, and go in one request (`resumable: false`).
  {
    filter: /\/@google-cloud\/storage\/build\/esm\/src\/resumable-upload\.js$/,
    contents: `
      export function upload() {
        throw new Error('Uploads in parts are not in this bundle.');
      }
      export const createURI = upload;`,
  },
  // Tokens signed with a service account's key: a function gets its own from the metadata server.
  { filter: /\/jws\/index\.js$/, contents: EMPTY },
  // Numbers beyond 2^53: in the metadata that is asked for there is none.
  { filter: /\/json-bigint\/index\.js$/, contents: `module.exports = JSON;` },
  // Character sets other than UTF-8, Latin-1 and UTF-16.
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

/** What another part, or another copy, takes the place of. */
const ALIASES: Record<string, string> = {
  // Without the parser of .proto files.
  protobufjs: from('google-gax').resolve('protobufjs/light'),
  // One copy for all packages.
  gaxios: from('google-auth-library').resolve('gaxios'),
  // Slow, and of no use here.
  domain: join(import.meta.dirname, 'without-domains.cjs'),
};

/** Resolves as a module of that package does. */
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
