import { Readable } from 'node:stream';
import { NotFoundError, TransientError } from '../../shared/errors.ts';
import type { Notifier } from '../../shared/ports/notifier.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import type { MemoryBucket } from '../fakes/memory-bucket.ts';
import type { Call } from './calls.ts';
import type { SimulatedFaults } from './faults.ts';
import type { Invariants } from './invariants.ts';
import type { Mutation } from './mutations.ts';

/** The bucket as one process sees it. Every write is checked before it happens. */
export function objectsOf(
  call: Call,
  bucket: MemoryBucket,
  invariants: Invariants,
  mutation: Mutation | undefined,
): ObjectStore {
  function write(name: string, text: string): void {
    invariants.writes(name, text);
    bucket.write(name, text);
  }

  return {
    bucket: 'memory',
    read: (name) =>
      call(() => {
        const stored = bucket.get(name);
        return stored && { text: stored.text, generation: stored.generation };
      }),
    readTail: (name, bytes) => call(() => bucket.get(name)?.bytes.subarray(-bytes).toString()),
    open: (name) =>
      call(() => {
        const stored = bucket.get(name);
        if (!stored) throw new NotFoundError(`${name} does not exist.`);
        return Readable.from(stored.bytes);
      }),
    stat: (name) => call(() => bucket.get(name)?.info),
    list: (options) => call(() => bucket.list(options)),
    listFolders: (options) => call(() => bucket.listFolders(options)),
    put: (name, text) => call(() => write(name, text)),
    create: (name, text) =>
      call(() => {
        const overwrites = mutation === 'create-once-final' && name.endsWith('/final.json');
        if (!overwrites && bucket.get(name)) return 'exists';
        write(name, text);
        return 'created';
      }),
    replace: (name, text, generation) =>
      call(() => {
        if (mutation !== 'slot-cas' && bucket.get(name)?.generation !== generation) return 'conflict';
        write(name, text);
        return 'replaced';
      }),
  };
}

/** Slack as one process sees it. */
export function notifierOf(call: Call, faults: SimulatedFaults): Notifier {
  return {
    notify: () =>
      call(() => {
        if (faults.strikes('Slack down')) throw new TransientError('Slack cannot be reached.');
        return { delivered: true };
      }),
  };
}
