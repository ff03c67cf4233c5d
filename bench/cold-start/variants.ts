import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildFunctions, writePackage } from '../../scripts/build-functions.ts';
import { bundle, FRAMEWORK } from '../../scripts/functions/bundle.ts';
import { FUNCTIONS } from '../../shared/model/functions.ts';
import { cancelledRun } from './stand-in.ts';

/** A function to be started, and what it is then given. */
export interface Variant {
  name: string;
  target: string;
  /** What Node is to run, in which folder. */
  program: string;
  folder: string;
  /** Bytes of the bundle and of its code cache. Absent: it is not bundled. */
  size?: { bundle: number; cache: number };
  events: { name: 'smallest' | 'whole'; body: object; documents: Record<string, object> }[];
}

/** Of each function, the event with the least to do. */
const SMALLEST: Record<string, object> = {
  'start-run': push({ target: 'unknown' }),
  'finish-run': push({}),
  'sweep-runs': push({}),
};

/** Name of the variant that all others are compared with. */
export const PEER = 'framework, empty function';

/** Made below `folder`: the peer, an empty function that is packed as ours are, and ours as they are deployed. */
export async function makeVariants(folder: string): Promise<Variant[]> {
  const functions = await buildFunctions(join(folder, 'functions'));
  const packed = join(folder, 'packed');
  const empty = await bundle(emptyFunction(dirname(FRAMEWORK), FRAMEWORK));
  await writePackage(packed, 'empty', { 'index.cjs': empty });
  return [
    peer(join(folder, 'peer')),
    {
      name: 'empty function, packed alike',
      target: 'empty',
      ...deployed(packed),
      events: [{ name: 'smallest', body: push({}), documents: {} }],
    },
    ...FUNCTIONS.map(({ name, target }) => ({
      name,
      target,
      ...deployed(join(functions, name)),
      events: [
        { name: 'smallest' as const, body: SMALLEST[name] ?? {}, documents: {} },
        { name: 'whole' as const, body: cancelledRun.event, documents: cancelledRun.documents },
      ],
    })),
  ];
}

/** The functions framework as it is installed, with an empty function in a CommonJS file. */
function peer(folder: string): Variant {
  const library = createRequire(import.meta.url).resolve('@google-cloud/functions-framework');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'index.cjs'),
    `require(${JSON.stringify(library)}).cloudEvent('empty', async () => {});`,
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ main: 'index.cjs' }));
  const events = [{ name: 'smallest' as const, body: push({}), documents: {} }];
  return { name: PEER, target: 'empty', program: FRAMEWORK, folder, events };
}

function emptyFunction(library: string, framework: string): string {
  return `
    import { cloudEvent } from ${JSON.stringify(join(library, 'index.js'))};
    export const empty = async () => {};
    cloudEvent('empty', empty);
    export const listen = () => void require(${JSON.stringify(framework)});`;
}

function deployed(folder: string): Pick<Variant, 'program' | 'folder' | 'size'> {
  const sizeOf = (file: string) => statSync(join(folder, file)).size;
  return {
    program: 'framework/main.cjs',
    folder,
    size: { bundle: sizeOf('index.cjs'), cache: sizeOf('index.cache') },
  };
}

/** As Pub/Sub pushes a message. */
function push(data: object): object {
  const message = {
    messageId: '1',
    publishTime: new Date().toISOString(),
    data: Buffer.from(JSON.stringify(data)).toString('base64'),
    attributes: {},
  };
  return { subscription: 'projects/none/subscriptions/none', message };
}
