/** Times of the control loop, in seconds. */

/** From the start of the VM to its claim. Measured boots take under a minute; a first boot with a new disk a few. */
export const BOOT_LIMIT = 600;
/** What provisioning, upload and power-off may take beyond the job's own limit, before the instance stops itself. */
export const STOP_MARGIN = 1800;
/** How much longer the control plane waits for the instance to have stopped itself. */
export const OVERDUE_MARGIN = 600;
/** From the end of a run to its VM being off by itself. */
export const OFF_GRACE = 300;
/** After a stop call without effect, before the next. */
export const ASK_AGAIN = 120;
/** Start calls of one attempt that end with the VM off and no claim. */
export const MAX_STARTS = 3;

/** Wait before start call `startSeq + 1`, after a stock-out: 1, 2, 4 … minutes, at most 10. */
export function startBackoff(startSeq: number): number {
  return Math.min(60 * 2 ** (startSeq - 1), 600);
}

export function secondsBetween(from: string | Date, to: string | Date): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000;
}
