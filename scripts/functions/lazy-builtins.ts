import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/** TypeScript's helper that copies a module's exports. */
const STAR_IMPORT = /__importStar\(require\("([\w:/]+)"\)\)/g;

/** Loaded by a package at once and used only to ask the gcloud command for credentials. */
const RARELY_USED = /^(node:)?child_process$/;

/**
 * Parts of Node that a function does not use stay unloaded: many are behind getters, which a copy of a module's exports would
 * all call, `util.TextDecoder` and 10 ms for one.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup(bundle) {
    bundle.onLoad({ filter: /\/node_modules\/(google-|gaxios|gcp-|teeny-request).*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(STAR_IMPORT, (copy, name: string) =>
        isBuiltin(name) ? `require("${name}")` : copy,
      ),
    }));
    bundle.onResolve({ filter: RARELY_USED }, ({ path }) => ({ path, namespace: 'lazy-builtin' }));
    bundle.onLoad({ filter: /.*/, namespace: 'lazy-builtin' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require(${JSON.stringify(path)})[name] });`,
    }));
    bundle.onResolve({ filter: RARELY_USED, namespace: 'lazy-builtin' }, ({ path }) => ({
      path,
      external: true,
    }));
  },
};
