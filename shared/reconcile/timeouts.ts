/** Times of the control loop, in seconds. */

/** From the start of the VM to its claim. Measured boots take under a minute; a first boot with a new disk a few. */
export const BOOT_LIMIT = 600;
/**
 * What provisioning, upload and power-off may take beyond the job's own limit, before the instance stops itself. The startup
 * script's own timer comes 600 s earlier (MARGIN_SECONDS in startup-script/lib/poweroff.sh).
 */
export const STOP_MARGIN = 2400;
/** How much longer the control plane waits for the instance to have stopped itself. */
export const OVERDUE_MARGIN = 600;
/** From the end of a run to its VM being off by itself. */
export const OFF_GRACE = 300;
/** After a stop call without effect, before the next. */
export const ASK_AGAIN = 120;
/** How long a VM may be on without a run, such as between its boot by hand and its own power-off. */
export const STRAY_GRACE = 600;
/** A heartbeat comes every minute. Unchanged for this long is one silence; after two of them the VM counts as hung. */
export const SILENCE = 600;
export const MAX_SILENCES = 2;
/** Start calls of one attempt that end with the VM off and no claim. */
export const MAX_STARTS = 3;

/** Starts of one attempt that may fail with an error that is neither known to pass nor known to be permanent. */
export const MAX_UNKNOWN_FAILURES = 3;

/** Wait after the `round`-th time that no wanted machine type was in stock: 1, 2, 4 … minutes, at most 10. */
export function startBackoff(round: number): number {
  return Math.min(60 * 2 ** (round - 1), 600);
}

export function secondsBetween(from: string | Date, to: string | Date): number {
  return (new Date(to).getTime() - new Date(from).getTime()) / 1000;
}
