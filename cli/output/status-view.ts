import { describeSeconds } from '../../shared/config/duration.ts';
import type { Heartbeat } from '../../shared/model/attempt.ts';
import { bakedImageSaves } from '../../shared/model/baked-image.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import { retryCommand } from '../../shared/model/retry-command.ts';
import { isFinished, type Status } from '../../shared/model/status.ts';
import { describeDollars, describeHourly } from '../../shared/pricing/costs.ts';
import { STOPPERS } from '../../shared/slack/finished.ts';
import type { Measure, TelemetrySummary } from '../../shared/telemetry/summarise.ts';
import { type Row, table } from '../../shared/text/table.ts';
import type { Colour, Paint } from './colour.ts';
import { describeMoment } from './moment.ts';
import { runProgress } from './run-progress.ts';

export interface StatusView {
  status: Status;
  /** Of the current attempt; fresher than the status while the run goes on. */
  heartbeat?: Heartbeat | undefined;
  /** Of a finished run. */
  telemetry?: TelemetrySummary | undefined;
  now: Date;
  /** Of the terminal. */
  width: number;
  paint: Paint;
  isTerminal: boolean;
}

/** A run as a person reads it. */
export function statusView(view: StatusView): string {
  const { status, heartbeat, telemetry, now, width, paint, isTerminal } = view;
  const rows: [string, string | undefined][] = [
    ['Run', paint('bold', status.runId)],
    ['Target', status.target],
    ['Status', `${paint(colourOf(status), statusWord(status))}${detail(status, heartbeat, now)}`],
    ['Progress', runProgress(status, now, isTerminal)],
    ['Reason', status.reason],
    ['Parameters', parameters(status)],
    ['Source', source(status)],
    ['Requested', requested(status)],
    ['Started', status.startedAt && describeMoment(status.startedAt)],
    ['Finished', finished(status)],
    ['Phases', status.phases?.map(({ name, seconds }) => `${name} ${describeSeconds(seconds)}`).join(', ')],
    ['', bakedImage(status)],
    ['Load', telemetry && load(telemetry)],
    ['Log', logFindings(status)],
    ['Outputs', status.outputs?.map(output).join('\n')],
    ['State', state(status)],
    ['VM', machine(status)],
    ['Cost', cost(status)],
    ['Results', status.resultsPrefix],
  ];
  const shown = [
    ...rows.flatMap(([label, text]) => (text ? lines(paint('dim', label), text) : [])),
    ...commands(paint('dim', 'Next'), next(status)),
  ];
  return table(shown, width);
}

/** `running`, `succeeded, but suspect`, `queued`. */
function statusWord({ status, verdict }: Status): string {
  return status === 'succeeded' && verdict === 'suspect' ? 'succeeded, but suspect' : status;
}

export function colourOf(status: Status): Colour {
  if (!isFinished(status)) return 'cyan';
  if (status.status !== 'succeeded') return 'red';
  return status.verdict === 'suspect' ? 'yellow' : 'green';
}

/** What is said beside the status: the place in the queue, the phase and its duration, or where it ended. */
function detail(status: Status, heartbeat: Heartbeat | undefined, now: Date): string {
  if (status.status === 'queued')
    return status.queuePosition ? `, number ${status.queuePosition} in the queue` : '';
  if (!isFinished(status)) {
    const attempt = status.attempt === undefined ? '' : `, attempt ${status.attempt}`;
    return attempt + phaseNow(heartbeat?.phase ?? status.phase, heartbeat?.phaseStartedAt, now);
  }
  if (status.status === 'succeeded') return '';
  const code = status.exitCode === undefined ? '' : `, exit code ${status.exitCode}`;
  return status.phase ? `${code} in phase ${status.phase}` : code;
}

function phaseNow(phase: string | undefined, since: string | undefined, now: Date): string {
  if (!phase) return '';
  return since ? `, phase ${phase} for ${describeSeconds(secondsBetween(since, now))}` : `, phase ${phase}`;
}

/** What an image with everything installed would save, where that is worth a word. */
function bakedImage({ phases = [], cost }: Status): string | undefined {
  const seconds = bakedImageSaves(phases);
  if (seconds === undefined) return undefined;
  const dollars = cost && ` and ${describeDollars((cost.perHour * seconds) / 3600)}`;
  return `A baked image would save ${describeSeconds(seconds)}${dollars ?? ''} on a new disk: vicinity image bake`;
}

/** Of make, which is what a machine is chosen for. */
function load({ phases, memoryTotalBytes = 0 }: TelemetrySummary): string | undefined {
  const make = phases.find(({ phase }) => phase === 'make');
  const { cpu, iowait, runQueue, memoryUsedBytes: memory } = make ?? {};
  const facts = [
    cpu && `CPU ${percent(cpu)}`,
    iowait && `waiting for disks ${percent(iowait)}`,
    runQueue && `run queue ${Math.round(runQueue.average)} (peak ${Math.round(runQueue.peak)})`,
    memory &&
      `memory ${describeBytes(memory.average)} (peak ${describeBytes(memory.peak)}) of ${describeBytes(memoryTotalBytes)}`,
  ];
  return facts.filter(Boolean).join(', ') || undefined;
}

function percent({ average, peak }: Measure): string {
  return `${Math.round(average)} % (peak ${Math.round(peak)} %)`;
}

function parameters({ params }: Status): string {
  return Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function source({ source: { sha256, commit, dirty } }: Status): string {
  const base = commit ? ` of commit ${commit.slice(0, 12)}` : '';
  return `package ${sha256.slice(0, 12)}${base}${dirty ? ', with uncommitted changes' : ''}`;
}

function requested({ requestedAt, requestedBy }: Status): string {
  return `${describeMoment(requestedAt)}${requestedBy ? ` by ${requestedBy}` : ''}`;
}

function finished({ startedAt, finishedAt }: Status): string | undefined {
  if (!finishedAt) return undefined;
  const moment = describeMoment(finishedAt);
  if (!startedAt) return moment;
  return `${moment}, after ${describeSeconds(secondsBetween(startedAt, new Date(finishedAt)))}`;
}

function logFindings({ warnings = 0, errors = 0 }: Status): string | undefined {
  const found = [errors > 0 && count(errors, '[error] line'), warnings > 0 && count(warnings, '[warn] line')];
  return found.filter(Boolean).join(', ') || undefined;
}

function output({ path, objects, bytes }: { path: string; objects: number; bytes: number }): string {
  return `${path}: ${count(objects, 'file')}, ${describeBytes(bytes)}`;
}

function state({ state }: Status): string | undefined {
  const { restored, saved } = state ?? {};
  const { note, runId, files = 0, bytes = 0 } = restored ?? {};
  const from = runId ? `restored ${count(files, 'file')}, ${describeBytes(bytes)}, of run ${runId}` : note;
  const to = saved && `saved ${count(saved.files, 'file')}, ${describeBytes(saved.bytes)}`;
  return [from, to].filter(Boolean).join('\n') || undefined;
}

function machine({ vm }: Status): string {
  const machine = [`${vm.instance} in ${vm.zone}`, vm.machineType];
  const proof = [
    vm.onSeconds === undefined ? undefined : `on for ${describeSeconds(vm.onSeconds)}`,
    vm.spotSeconds !== undefined && `${describeSeconds(vm.spotSeconds)} of it on Spot`,
    vm.stoppedBy && `stopped ${STOPPERS[vm.stoppedBy]}`,
    vm.terminatedSeenAt && `seen off at ${describeMoment(vm.terminatedSeenAt)}`,
  ];
  return [machine, proof]
    .map((facts) => facts.filter(Boolean).join(', '))
    .filter(Boolean)
    .join('\n');
}

/** The commands that one would type now. */
function next(status: Status): string[] {
  const { runId } = status;
  if (!isFinished(status)) return [`vicinity watch ${runId}`, `vicinity cancel ${runId}`];
  if (status.attempt === 0) return [retryCommand(status)];
  if (status.status !== 'succeeded') return [`vicinity logs ${runId}`, retryCommand(status)];
  const look = status.verdict === 'suspect' ? [`vicinity logs ${runId}`] : [];
  return [...look, `vicinity pull ${runId}`];
}

/** What it cost, by list prices; and what the VM costs while it is off. */
function cost({ cost }: Status): string | undefined {
  if (!cost) return undefined;
  const { total, perHour, provisioning, spotSaved, idlePerMonth } = cost;
  const spot = provisioning === 'spot' ? ' as Spot' : '';
  const idle = idlePerMonth === undefined ? '' : `; ${describeDollars(idlePerMonth)} a month while off`;
  const saved = spotSaved === undefined ? '' : `; Spot saved ${describeDollars(spotSaved)}`;
  return `about ${describeDollars(total)} (${describeHourly(perHour)}${spot})${saved}${idle}`;
}

function secondsBetween(from: string, to: Date): number {
  return Math.max(0, (to.getTime() - Date.parse(from)) / 1000);
}

/** A labelled text of one or more lines as table rows. */
function lines(label: string, text: string): Row[] {
  return text.split('\n').map((line, index) => [index === 0 ? label : '', line]);
}

function commands(label: string, calls: string[]): Row[] {
  return calls.map((call, index) => [index === 0 ? label : '', call, true]);
}
