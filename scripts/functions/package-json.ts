import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FRAMEWORK = '@google-cloud/functions-framework';

/** The files that npm and Google Cloud's buildpacks read, by their path in the function's folder. */
export function packageFiles(name: string): Record<string, object> {
  const manifest = {
    name: `vicinity-${name}`,
    version: '0.1.0',
    license: 'Apache-2.0',
    // Starts the function by `node_modules/.bin/functions-framework`, which is ours by this dependency: index.cjs has the framework in it.
    dependencies: { [FRAMEWORK]: 'file:framework' },
    engines: { node: '24' },
  };
  const framework = frameworkManifest();
  const run = { private: true, main: 'index.cjs', scripts: { 'gcp-build': GCP_BUILD } };
  return {
    'package.json': { ...manifest, ...run },
    'package-lock.json': {
      name: manifest.name,
      version: manifest.version,
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': manifest,
        framework,
        [`node_modules/${FRAMEWORK}`]: { resolved: 'framework', link: true },
      },
    },
    'framework/package.json': framework,
  };
}

/** The manifest of a package whose main.cjs takes the place of the functions framework's program. */
export function frameworkManifest() {
  return {
    name: FRAMEWORK,
    version: frameworkVersion(),
    license: 'Apache-2.0',
    bin: { 'functions-framework': 'main.cjs' },
  };
}

/** A function without a cache is slower and not wrong, so that its deployment goes on. */
const GCP_BUILD = "node framework/make-cache.cjs || echo 'The function starts without a code cache.'";

/** Of the framework that is in the bundle. */
function frameworkVersion(): string {
  const library = createRequire(import.meta.url).resolve(FRAMEWORK);
  const file = join(dirname(library), '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
