import { describeSeconds } from '../config/duration.ts';
import { type Outcome, reportedSchema } from '../model/attempt.ts';
import { count } from '../model/count.ts';
import type { Final } from '../model/final.ts';
import type { RunSpec } from '../model/spec.ts';
import type { ObjectInfo } from '../ports/objects.ts';
import { redact } from '../redact.ts';

/**
 * The terminal state that an outcome amounts to. An exit code is not enough: the objects must be there as the manifest says, and
 * the log and the outputs must look like those of a good run. `stored` lists what lies under results/<runId>/.
 */
export function evaluateOutcome(spec: RunSpec, outcome: Outcome, stored: ObjectInfo[]): Final {
  const { runId, attempt, finishedAt } = outcome;
  const base = { runId, attempt, finishedAt, ...reportedSchema.parse(outcome) };
  if (outcome.outcome === 'failed' || outcome.exitCode !== 0) return { ...base, ...failure(spec, outcome) };
  const lost = missingObjects(outcome, stored);
  if (lost.length > 0) {
    const reason = `The job ended well, but ${count(lost.length, 'uploaded object')} did not arrive intact: ${some(lost)}.`;
    return { ...base, status: 'failed', verdict: 'failed', reason };
  }
  const doubts = suspicions(spec, outcome);
  if (doubts.length === 0) return { ...base, status: 'succeeded', verdict: 'ok' };
  return { ...base, status: 'succeeded', verdict: 'suspect', reason: `${doubts.join('; ')}.` };
}

/** What an outcome that cannot be read amounts to: the VM spoke, but nobody can tell what it said. */
export function evaluateMalformed({ runId }: RunSpec, attempt: number, now: Date, problem: string): Final {
  const reason = `The VM's outcome.json cannot be read (${redact(problem)}). See its build.log and serial.log.`;
  return { runId, attempt, status: 'failed', verdict: 'failed', finishedAt: now.toISOString(), reason };
}

function failure(spec: RunSpec, outcome: Outcome): Pick<Final, 'status' | 'verdict' | 'reason'> {
  const { cause, exitCode, phase, reason = `Phase ${phase} ended with exit code ${exitCode}.` } = outcome;
  if (cause !== 'time-limit') return { status: 'failed', verdict: 'failed', reason: redact(reason) };
  const limit = describeSeconds(spec.maxSeconds);
  return {
    status: 'timed-out',
    verdict: 'failed',
    reason: `Stopped at its limit of ${limit} (maxDuration), in phase ${phase}.`,
  };
}

/** Names in the manifest that are not stored with the same size and checksum. */
function missingObjects({ manifest }: Outcome, stored: ObjectInfo[]): string[] {
  const byName = new Map(stored.map((object) => [object.name, object]));
  return manifest
    .filter(
      ({ name, bytes, crc32c }) => byName.get(name)?.bytes !== bytes || byName.get(name)?.crc32c !== crc32c,
    )
    .map(({ name }) => name);
}

function suspicions(spec: RunSpec, outcome: Outcome): string[] {
  const { outputs, errors, warnings, manifest } = outcome;
  const uploaded = new Map(outputs.map((output) => [output.path, output]));
  const missing = spec.outputs.filter((path) => !uploaded.get(path)?.objects);
  const empty = spec.outputs.filter((path) => uploaded.get(path)?.objects && uploaded.get(path)?.bytes === 0);
  const hollow = manifest.filter(
    ({ name, bytes }) =>
      bytes === 0 && isOutput(spec, name) && !empty.some((path) => isBelow(spec, path, name)),
  );
  return [
    ...missing.map((path) => `output ${path} is missing or empty`),
    ...empty.map((path) => `output ${path} is empty`),
    ...untouchedReasons(spec, outcome),
    ...(hollow.length > 0 ? [`${count(hollow.length, 'output file')} of 0 bytes`] : []),
    ...(errors > 0 ? [`${count(errors, '[error] line')} in build.log`] : []),
    ...(warnings > 0 ? [`${count(warnings, '[warn] line')} in build.log`] : []),
  ];
}

/** Outputs that came with the source: make had nothing to do. What is carried from the last good run may stay as it is. */
function untouchedOutputs(
  { outputs, state }: RunSpec,
  { untouched = [] }: Pick<Outcome, 'untouched'>,
): string[] {
  const carried = (state?.paths ?? []).map(asFolder);
  const isCarried = (path: string) =>
    carried.some((state) => path.startsWith(state) || state.startsWith(path));
  return untouched.filter((path) => outputs.includes(path) && !isCarried(asFolder(path)));
}

/** `data/`, whether or not it was written with the slash. */
function asFolder(path: string): string {
  return `${path.replace(/\/+$/, '')}/`;
}

function untouchedReasons(spec: RunSpec, outcome: Outcome): string[] {
  const untouched = untouchedOutputs(spec, outcome);
  if (untouched.length > 0 && untouched.length === spec.outputs.length)
    return [`nothing was made: the run did not touch ${untouched.join(', ')}`];
  return untouched.map((path) => `output ${path} was not touched by the run`);
}

/** Succeeded with every output there and made by the run, and no error lines: what `results/latest.json` may point to. Warnings alone do not forbid it. */
export function isGood(spec: RunSpec, final: Final): boolean {
  const outputs = new Map((final.outputs ?? []).map((output) => [output.path, output]));
  const complete = spec.outputs.every((path) => (outputs.get(path)?.bytes ?? 0) > 0);
  const isMade = untouchedOutputs(spec, final).length === 0;
  return final.status === 'succeeded' && complete && isMade && final.errors === 0;
}

function isOutput(spec: RunSpec, name: string): boolean {
  return spec.outputs.some((path) => isBelow(spec, path, name));
}

function isBelow({ runId }: RunSpec, path: string, name: string): boolean {
  return name === `results/${runId}/${path}` || name.startsWith(`results/${runId}/${path}/`);
}

function some(names: string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}
