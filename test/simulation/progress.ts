import { describeSeconds } from '../../shared/config/duration.ts';

const BAR_CELLS = 24;
const ERASE_LINE = '\r\u001b[2K';

/** `████░░░░  50 %  10,000 of 20,000 runs, 420 a second, 24 s left`. */
export function progressLine(done: number, total: number, seconds: number): string {
  const filled = Math.round((done / total) * BAR_CELLS);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)}`;
  const percent = String(Math.floor((done / total) * 100)).padStart(3);
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? `, ${describeSeconds((total - done) / rate)} left` : '';
  const counts = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} runs`;
  return `${bar} ${percent} %  ${counts}, ${Math.round(rate)} a second${left}`;
}

/** Draws the progress over and over on one line of stderr; nothing where that is no terminal. */
export function drawProgress(total: number): { draw: (done: number) => void; clear: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { draw: () => {}, clear: () => {} };
  const startedAt = performance.now();
  return {
    draw: (done) =>
      stderr.write(`${ERASE_LINE}${progressLine(done, total, (performance.now() - startedAt) / 1000)}`),
    clear: () => stderr.write(ERASE_LINE),
  };
}
