// Loads a function's bundles with V8's code cache of each. Without a cache, or with one of another Node, it only takes longer.
const { readFileSync } = require('node:fs');
const { createRequire, Module } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

/** The scripts loaded so far, by file: caches can be made of them. */
const scripts = new Map();

const cacheOf = (file) => file.replace(/\.cjs$/, '.cache');

/** The bundle's exports. Also in the module cache, where the framework finds the function. */
function load(file) {
  const script = new Script(
    `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`,
    { filename: file, cachedData: read(cacheOf(file)) },
  );
  scripts.set(file, script);
  const bundle = Object.assign(new Module(file), { filename: file, loaded: true });
  require.cache[file] = bundle;
  script.runInThisContext()(bundle.exports, requireFrom(file), bundle, file, dirname(file));
  return bundle.exports;
}

/** As Node's own; a bundle beside the file is loaded like the file itself. */
function requireFrom(file) {
  const require = createRequire(file);
  const requireOrLoad = (id) => {
    const isNew = id.startsWith('./') && !(require.resolve(id) in require.cache);
    return isNew ? load(require.resolve(id)) : require(id);
  };
  return Object.assign(requireOrLoad, require);
}

function read(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { cacheOf, load, scripts };
