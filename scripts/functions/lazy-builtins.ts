import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const require = createRequire(import.meta.url);

/** TypeScript's helper that copies a module's exports. */
const STAR_IMPORT = /__importStar\(require\("([\w:/]+)"\)\)/g;

/**
 * Loaded when they are first used: `child_process` only to ask the gcloud command for credentials, which a function does not;
 * `https`, with all of TLS, and `crypto` for the first call and not for listening; `zlib` and `fs/promises` where an event needs them.
 */
const LATE = /^(node:)?(child_process|https|crypto|zlib|fs\/promises)$/;

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
    bundle.onResolve({ filter: LATE }, ({ path, namespace }) =>
      namespace === 'late-builtin' ? { path, external: true } : { path, namespace: 'late-builtin' },
    );
    bundle.onLoad({ filter: /.*/, namespace: 'late-builtin' }, ({ path }) => ({
      contents: `
        for (const name of ${JSON.stringify(Object.keys(require(path)))}) {
          Object.defineProperty(exports, name, { enumerable: true, get: () => require("${path}")[name] });
        }`,
    }));
  },
};
