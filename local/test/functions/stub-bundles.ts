import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const framework = createRequire(import.meta.url).resolve('@google-cloud/functions-framework');

export interface Stub {
  name: string;
  /** The name under which the bundle registers its handler. */
  target: string;
}

export const STUBS = [
  { name: 'function-a', target: 'functionA', topic: 'topic-a' },
  { name: 'function-b', target: 'functionB', topic: 'topic-b' },
  { name: 'function-c', target: 'functionC', topic: 'topic-c' },
] as const;

/**
 * Bundles that stand in for real functions. A stub does what the event's data (JSON) asks for: it calls the URLs in `calls` one after
 * another and sends each its environment and its time, and then `ends` in one of several ways.
 */
export function writeStubBundles(directory: string, stubs: readonly Stub[] = STUBS): string {
  for (const { name, target } of stubs) {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'index.cjs'), stub(name, target));
  }
  return directory;
}

export interface StubEvent {
  calls?: string[];
  ends?: 'throw' | 'exit' | 'crash' | 'never';
}

/** What a stub sends to each URL that it calls. */
export interface StubReport {
  name: string;
  pid: number;
  now: string;
  env: Record<string, string>;
}

/** The body of a push that asks a stub for something. */
export function pushOf(event: StubEvent, messageId = '1'): string {
  const data = Buffer.from(JSON.stringify(event)).toString('base64');
  return JSON.stringify({
    subscription: 'projects/p/subscriptions/s',
    message: { messageId, data, publishTime: '2026-11-24T03:06:43Z', attributes: {} },
  });
}

function stub(name: string, target: string): string {
  return `
const { cloudEvent } = require(${JSON.stringify(framework)});
cloudEvent('${target}', async ({ data }) => {
  const text = Buffer.from(data?.message?.data ?? '', 'base64').toString('utf8');
  const { calls = [], ends } = text.startsWith('{') ? JSON.parse(text) : {};
  console.log('${name} has an event');
  for (const url of calls) {
    const report = { name: '${name}', pid: process.pid, now: new Date().toISOString(), env: process.env };
    await fetch(url, { method: 'POST', body: JSON.stringify(report) });
  }
  if (ends === 'throw') throw new Error('asked to fail');
  if (ends === 'crash') process.kill(process.pid, 'SIGKILL');
  if (ends === 'exit') process.exit(1);
  if (ends === 'never') await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
});
`;
}
