import { describeSeconds } from '../../shared/config/duration.ts';
import type { Heartbeat } from '../../shared/model/attempt.ts';
import { bakedImageSaves } from '../../shared/model/baked-image.ts';
import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import type { Status } from '../../shared/model/status.ts';
import { describeRun } from '../../shared/presentation/describe-run.ts';
import { type Tone, toneOf } from '../../shared/presentation/result.ts';
import { stageOf } from '../../shared/presentation/stage.ts';
import { describeMoment } from '../../shared/presentation/time.ts';
import { describeDollars } from '../../shared/pricing/costs.ts';
import type { Measure, TelemetrySummary } from '../../shared/telemetry/summarise.ts';
import { type Row, table } from '../../shared/text/table.ts';
import type { Colour, Paint } from './colour.ts';
import { progressText } from './progress-text.ts';

const BAR_CELLS = 20;

export interface StatusView {
  status: Status;
  /** Of the current attempt; more recent than the status while the run is active. */
  heartbeat?: Heartbeat | undefined;
  /** Of a finished run. */
  telemetry?: TelemetrySummary | undefined;
  now: Date;
  /** Columns of the terminal. */
  width: number;
  paint: Paint;
  isTerminal: boolean;
}

/** A run as a table of labels and values. */
export function statusView(view: StatusView): string {
  const { status, heartbeat, telemetry, now, width, paint, isTerminal } = view;
  const run = describeRun(status);
  const rows: [string, string | undefined][] = [
    ['Run', paint('bold', run.runId)],
    ['Target', run.target],
    ['Status', painted(stageOf(status, heartbeat, now), colourOf(status), paint)],
    ['Progress', progressText(status, now, isTerminal ? BAR_CELLS : 0)],
    ['Reason', run.reason],
    ['Parameters', run.parameters.join(' ')],
    ['Source', run.source],
    ['Requested', `${describeMoment(status.requestedAt)}${run.startedBy ? ` by ${run.startedBy}` : ''}`],
    ['Started', status.startedAt && describeMoment(status.startedAt)],
    ['Finished', finished(status, run.duration)],
    ['Phases', run.phases.map(({ name, time }) => `${name} ${time}`).join(', ')],
    ['', bakedImage(status)],
    ['Load', telemetry && load(telemetry)],
    ['Log', run.logFindings],
    ['Outputs', run.outputs.map(({ path, files, size }) => `${path}: ${files}, ${size}`).join('\n')],
    ['State', state(status)],
    ['VM', [run.machine, run.stopProof].filter(Boolean).join('\n')],
    ['Cost', run.cost && `about ${[run.cost, ...run.costNotes].join('; ')}`],
    ['Results', run.results],
  ];
  const shown = [
    ...rows.flatMap(([label, text]) => (text ? lines(paint('dim', label), text) : [])),
    ...run.next.map(({ command }, index): Row => [index === 0 ? paint('dim', 'Next') : '', command, true]),
  ];
  return table(shown, width);
}

const COLOURS: Record<Tone, Colour> = {
  good: 'green',
  doubt: 'yellow',
  bad: 'red',
  neutral: 'dim',
  live: 'cyan',
};

export function colourOf(status: Pick<Status, 'status' | 'verdict'>): Colour {
  return COLOURS[toneOf(status)];
}

/** The first words in colour: the status, without the details behind it. */
function painted(stage: string, colour: Colour, paint: Paint): string {
  const [, status = '', details = ''] = /^(succeeded, but suspect|[\w-]+)(.*)$/.exec(stage) ?? [];
  return paint(colour, status) + details;
}

function finished({ finishedAt }: Status, duration: string | undefined): string | undefined {
  if (!finishedAt) return undefined;
  return `${describeMoment(finishedAt)}${duration ? `, after ${duration}` : ''}`;
}

/** How much a baked image would save, where it is worth mentioning. */
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

function state({ state }: Status): string | undefined {
  const { restored, saved } = state ?? {};
  const { note, runId, files = 0, bytes = 0 } = restored ?? {};
  const from = runId ? `restored ${count(files, 'file')}, ${describeBytes(bytes)}, from run ${runId}` : note;
  const to = saved && `saved ${count(saved.files, 'file')}, ${describeBytes(saved.bytes)}`;
  return [from, to].filter(Boolean).join('\n') || undefined;
}

/** A labelled text of one or more lines as table rows. */
function lines(label: string, text: string): Row[] {
  return text.split('\n').map((line, index) => [index === 0 ? label : '', line]);
}
