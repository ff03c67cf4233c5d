import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ProtoNode, ServiceInUse } from './trim-protos.ts';

const PACKAGE = '@google-cloud/compute';
const NAMESPACE = 'google.cloud.compute.v1';

/** What some sources use of the compute package, which has a hundred clients and loads them all. */
export interface ComputeInUse {
  /** Client class to the module that has it. */
  clients: Map<string, string>;
  services(protos: ProtoNode): ServiceInUse[];
  /** Every name that could be a field's: the identifiers of the sources and of the clients themselves. */
  identifiers: Set<string>;
}

/**
 * Found by reading the sources (absolute paths): the clients that they import, and of these clients' methods the ones whose names they call.
 * A method of another object with such a name only makes the result larger.
 */
export function computeInUse(sources: string[]): ComputeInUse {
  const texts = sources
    .map((file) => readFileSync(file, 'utf8'))
    .filter((text) => text.includes(`'${PACKAGE}'`));
  const names = new Set(texts.flatMap(importedClients));
  const clients = new Map([...names].map((name) => [name, moduleOf(name)]));
  const called = new Set(texts.flatMap((text) => matches(text, /\.(\w+)\(/g)));
  const clientTexts = [...clients.values()].map((file) => readFileSync(file, 'utf8'));
  return {
    clients,
    services: (protos) => [...names].map((name) => serviceOf(name, protos, called)),
    identifiers: new Set(
      [...texts, ...clientTexts].flatMap((text) => matches(withoutComments(text), /([A-Za-z_]\w*)/g)),
    ),
  };
}

/** Of `import { … } from` and of `const { … } = await import(…)`. */
function importedClients(text: string): string[] {
  const statements = new RegExp(`\\{([^{}]*)\\} (?:from|= await import\\()\\s*'${PACKAGE}'`, 'g');
  return matches(text, statements).flatMap((names) => matches(names, /(\w+Client)\b/g));
}

/** `ZoneOperationsClient` is in zone_operations_client.js. */
function moduleOf(client: string): string {
  const file = client.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  const main = createRequire(import.meta.url).resolve(PACKAGE);
  return join(dirname(main), 'v1', `${file}.js`);
}

function serviceOf(client: string, protos: ProtoNode, called: ReadonlySet<string>): ServiceInUse {
  const service = client.replace(/Client$/, '');
  const node = NAMESPACE.split('.').reduce<ProtoNode | undefined>((at, part) => at?.nested?.[part], protos);
  const methods = Object.keys(node?.nested?.[service]?.methods ?? {});
  const isCalled = (method: string) => called.has(`${method.charAt(0).toLowerCase()}${method.slice(1)}`);
  return { name: `${NAMESPACE}.${service}`, methods: methods.filter(isCalled) };
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name ? [name] : []));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
