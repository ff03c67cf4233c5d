import { TransientError } from '../../shared/errors.ts';
import type { Claim, Outcome } from '../../shared/model/attempt.ts';
import { buildLogName, claimName, heartbeatName, outcomeName } from '../../shared/model/layout.ts';
import type { MemoryBucket } from '../fakes/memory-bucket.ts';
import type { Call } from './calls.ts';
import type { Choices } from './choices.ts';
import type { SimulatedFaults } from './faults.ts';
import type { Invariants } from './invariants.ts';
import type { Messages } from './messages.ts';
import type { Mutation } from './mutations.ts';
import type { Process, Scheduler } from './scheduler.ts';
import { SECRETS, TALKATIVE_LOG } from './secrets.ts';

export interface GuestParts {
  process: Process;
  scheduler: Scheduler;
  choices: Choices;
  faults: SimulatedFaults;
  bucket: MemoryBucket;
  messages: Messages;
  invariants: Invariants;
  mutation: Mutation | undefined;
  metadata: () => Record<string, string>;
  /** Request id of the call that switched the VM on, if one did. */
  startedBy: () => string | undefined;
  powerOff: () => void;
  call: Call;
}

const TRIES = 8;
const HEARTBEAT_MS = 60_000;

/** What the startup script does, as far as the protocol goes: claim, work, outcome, completion, power off. */
export async function guest(parts: GuestParts): Promise<void> {
  try {
    const metadata = await tryAgain(parts, 'metadata', parts.metadata);
    if (metadata.RUN_ID) await work(parts, metadata.RUN_ID, Number(metadata.ATTEMPT));
  } catch (error) {
    // The script's trap: whatever goes wrong, the VM goes off, unless a person holds it.
    if (!(error instanceof TransientError)) throw error;
  }
  if (!parts.metadata().VICINITY_HOLD) parts.powerOff();
}

async function work(parts: GuestParts, runId: string, attempt: number): Promise<void> {
  const { invariants, choices, bucket, scheduler, process } = parts;
  invariants.boots(runId, attempt, parts.startedBy());
  if (!(await holdsClaim(parts, runId, attempt))) return;
  invariants.workStarts(runId, attempt, parts.startedBy());
  const startedAt = new Date(scheduler.now).toISOString();
  for (let beats = choices.pick(4); beats > 0; beats -= 1) {
    const at = new Date(scheduler.now).toISOString();
    const heartbeat = JSON.stringify({ at, bootId: process.name, phase: 'make' });
    await tryAgain(parts, 'heartbeat', () => bucket.write(heartbeatName(runId, attempt), heartbeat));
    await sleep(parts, HEARTBEAT_MS * (1 + choices.pick(4)));
  }
  await report(parts, runId, attempt, startedAt);
}

async function holdsClaim(parts: GuestParts, runId: string, attempt: number): Promise<boolean> {
  const { bucket, process, scheduler, mutation } = parts;
  const bootId = `${process.name} ${scheduler.now}`;
  const name = claimName(runId, attempt);
  const text = JSON.stringify({ by: 'vm', bootId, claimedAt: new Date(scheduler.now).toISOString() });
  const made = await tryAgain(parts, 'claim', () => bucket.create(name, text));
  if (made === 'created') return true;
  const claim = (await tryAgain(parts, 'claim', () => bucket.json(name))) as Claim | undefined;
  if (claim?.by === 'vm') return claim.bootId === bootId || mutation === 'claim';
  return mutation === 'revoke';
}

async function report(parts: GuestParts, runId: string, attempt: number, startedAt: string): Promise<void> {
  const { bucket, choices, faults, scheduler, messages, mutation } = parts;
  const result = `results/${runId}/out.csv`;
  const exitCode = choices.pick(3) === 2 ? 2 : 0;
  await tryAgain(parts, 'build.log', () => bucket.write(buildLogName(runId), TALKATIVE_LOG));
  await tryAgain(parts, 'results', () => bucket.write(result, 'rows\n'));
  const info = bucket.get(result)?.info;
  const outcome: Outcome = {
    runId,
    attempt,
    bootId: parts.process.name,
    outcome: exitCode === 0 ? 'succeeded' : 'failed',
    cause: 'exit',
    exitCode,
    phase: exitCode === 0 ? 'done' : 'make',
    ...(exitCode !== 0 && { reason: `The job's last error: ${SECRETS.slackToken}` }),
    startedAt,
    finishedAt: new Date(scheduler.now).toISOString(),
    phases: [],
    outputs: [{ path: 'out', objects: 1, bytes: 5 }],
    manifest: info ? [{ name: result, bytes: info.bytes, crc32c: info.crc32c }] : [],
    warnings: 0,
    errors: 0,
  };
  if (faults.strikes('upload spoiled')) bucket.write(result, 'row\n');
  const write = () =>
    tryAgain(parts, 'outcome', () => bucket.create(outcomeName(runId, attempt), JSON.stringify(outcome)));
  const publish = () => tryAgain(parts, 'completion', () => messages.publish('finished', { runId, attempt }));
  const steps = mutation === 'outcome-before-publish' ? [publish, write] : [write, publish];
  for (const step of steps) await step();
}

async function tryAgain<T>(parts: GuestParts, subject: string, effect: () => T): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await parts.call('read or write', subject, effect);
    } catch (error) {
      if (!(error instanceof TransientError) || tries === TRIES) throw error;
      await sleep(parts, 1000 * tries);
    }
  }
}

function sleep({ scheduler, process }: GuestParts, ms: number): Promise<void> {
  return new Promise((resolve) => scheduler.sleep(process, ms, resolve));
}
