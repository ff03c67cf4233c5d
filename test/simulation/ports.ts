import { Readable } from 'node:stream';
import { NotFoundError, PermissionError, TransientError } from '../../shared/errors.ts';
import type { Instance } from '../../shared/ports/instance.ts';
import type { Notifier } from '../../shared/ports/notifier.ts';
import type { ObjectStore } from '../../shared/ports/objects.ts';
import { slackMessage } from '../../shared/slack/message.ts';
import type { MemoryBucket } from '../fakes/memory-bucket.ts';
import type { Call } from './calls.ts';
import type { Conflicts } from './conflicts.ts';
import type { SimulatedFaults } from './faults.ts';
import type { Invariants } from './invariants.ts';
import type { Machine } from './machine.ts';
import type { Mutation } from './mutations.ts';
import { SECRETS } from './secrets.ts';

export interface Parts {
  bucket: MemoryBucket;
  machine: Machine;
  faults: SimulatedFaults;
  invariants: Invariants;
  conflicts: Conflicts;
  mutation: Mutation | undefined;
}

/** The bucket as one process sees it. Every write is checked before it happens. */
export function objectsOf(call: Call, { bucket, invariants, conflicts, mutation }: Parts): ObjectStore {
  function write(name: string, text: string): void {
    invariants.writes(name, text);
    bucket.write(name, text);
    conflicts.written(name);
  }

  return {
    bucket: 'memory',
    read: (name) =>
      call('read', name, () => {
        const stored = bucket.get(name);
        return stored && { text: stored.text, generation: stored.generation };
      }),
    readTail: (name, bytes) =>
      call('read the end of', name, () => bucket.get(name)?.bytes.subarray(-bytes).toString()),
    open: (name) =>
      call('open', name, () => {
        const stored = bucket.get(name);
        if (!stored) throw new NotFoundError(`${name} does not exist.`);
        return Readable.from(stored.bytes);
      }),
    stat: (name) => call('stat', name, () => bucket.get(name)?.info),
    retire: (name, at) => call('mark', name, () => bucket.retire(name, at)),
    list: (options) => call('list', options.prefix, () => bucket.list(options)),
    listFolders: (options) => call('list folders', options.prefix, () => bucket.listFolders(options)),
    put: (name, text) => call('put', name, () => write(name, text)),
    create: (name, text) =>
      call('create', name, () => {
        const overwrites = mutation === 'create-once-final' && name.endsWith('/final.json');
        const forgets = mutation === 'notifying' && name.includes('/notifying/');
        if (!overwrites && !forgets && bucket.get(name)) return 'exists';
        write(name, text);
        return 'created';
      }),
    replace: (name, text, generation) =>
      call('replace', name, () => {
        if (!conflicts.allow(name, generation)) return 'conflict';
        write(name, text);
        return 'replaced';
      }),
  };
}

/** The machine as one process sees it. */
export function instanceOf(call: Call, { machine, faults, invariants, mutation }: Parts): Instance {
  const { name, zone } = machine;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let seenBoot: string | undefined;

  return {
    name,
    zone,
    read: () =>
      call('read', name, () => {
        if (faults.strikes('instance refused')) throw new PermissionError(`No, says ${SECRETS.slackToken}.`);
        lookedAt = machine.now;
        seenBoot = machine.lastStartedAt;
        return machine.facts();
      }),
    setMetadata: (items, version) =>
      call('set metadata', name, () => {
        invariants.tells('metadata', JSON.stringify(items));
        if (version !== String(machine.metadataVersion) && mutation !== 'metadata-version')
          throw new TransientError('The metadata has changed.');
        invariants.metadataSet(items, machine.metadata);
        machine.setMetadata(items);
      }),
    setMachineType: (machineType) =>
      call('set machine type', name, () => machine.setMachineType(machineType)),
    setScheduling: ({ maxRunSeconds }) =>
      call('set scheduling', name, () => machine.setTimeLimit(maxRunSeconds)),
    start: (requestId) => call('start', name, () => machine.start(requestId)),
    stop: (requestId) => {
      const decidedFor = seenBoot;
      return call('stop', name, () => {
        if (!machine.stop(requestId)) return;
        invariants.stops(lookedAt, machine.heldSince);
        if (decidedFor !== machine.lastStartedAt) invariants.stopsLaterBoot(machine.startedBy);
      });
    },
    serialOutput: () => call('read console', name, () => machine.serialOutput()),
  };
}

/** Slack as one process sees it. */
export function notifierOf(call: Call, { faults, invariants }: Parts): Notifier {
  return {
    notify: (notification) =>
      call('tell', notification.event, () => {
        if (faults.strikes('Slack down')) throw new TransientError('Slack cannot be reached.');
        invariants.notifies(notification);
        invariants.tells('a Slack message', JSON.stringify(slackMessage(notification)));
        if (!faults.strikes('Slack refuses')) return { delivered: true };
        return { delivered: false, refused: `Slack answered 403 to ${SECRETS.webhook}` };
      }),
  };
}
