// Loads a function's bundle with V8's code cache of it. Without a cache, or with one of another Node, it only takes longer.
const { readFileSync } = require('node:fs');
const { createRequire, Module } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

const cacheOf = (file) => file.replace(/\.cjs$/, '.cache');

/** The bundle's exports, and its script, of which a cache can be made. The framework finds the function in the module cache. */
function load(file) {
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`,
    { filename: file, cachedData: read(cacheOf(file)) },
  );
  const bundle = Object.assign(new Module(file), { filename: file, loaded: true });
  require.cache[file] = bundle;
  script.runInThisContext()(bundle.exports, createRequire(file), bundle, file, dirname(file));
  return { script, exports: bundle.exports };
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { cacheOf, load };
