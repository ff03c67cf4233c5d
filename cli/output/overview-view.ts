import type { Heartbeat } from '../../shared/model/attempt.ts';
import type { Status } from '../../shared/model/status.ts';
import { stageOf } from '../../shared/presentation/stage.ts';
import { type VmView, vmText } from '../../shared/presentation/vm.ts';
import { type Row, table } from '../../shared/text/table.ts';
import type { Paint } from './colour.ts';
import { progressText } from './progress-text.ts';
import { colourOf } from './status-view.ts';

const BAR_CELLS = 20;
const MAX_QUEUE = 10;

export interface Overview {
  vm: VmView;
  active?: { status: Status; heartbeat?: Heartbeat | undefined } | undefined;
  /** In order. */
  queue: Status[];
  now: Date;
  width: number;
  paint: Paint;
  isTerminal: boolean;
}

/** VM, active run and queue as a table of labels and values. */
export function overviewView(overview: Overview): string {
  const { vm, active, queue, now, width, paint, isTerminal } = overview;
  const progress = active && progressText(active.status, now, isTerminal ? BAR_CELLS : 0);
  const more = queue.length - MAX_QUEUE;
  const rows: Row[] = [
    [paint('dim', 'VM'), `${paint('bold', vm.name)} in ${vm.zone}: ${vmText(vm)}`],
    [
      paint('dim', 'Active'),
      active ? runText(active.status, stageOf(active.status, active.heartbeat, now), paint) : 'no run',
    ],
    ...(progress ? [['', progress] as Row] : []),
    ...queue
      .slice(0, MAX_QUEUE)
      .map(
        (status, index): Row => [
          index === 0 ? paint('dim', 'Queue') : '',
          runText(status, `position ${index + 1}`, paint),
        ],
      ),
    ...(queue.length === 0 ? [[paint('dim', 'Queue'), 'empty'] as Row] : []),
    ...(more > 0 ? [['', `and ${more} more`] as Row] : []),
  ];
  return table(rows, width);
}

/** `20261124-030643-1a2b all, running, attempt 1, phase make, by ada`. */
function runText(status: Status, stage: string, paint: Paint): string {
  const by = status.requestedBy ? `, started by ${status.requestedBy}` : '';
  return `${paint(colourOf(status), status.runId)} ${status.target}, ${stage}${by}`;
}
