/**
 * Seeds that come close to what a safeguard prevents: without it they fail (see MUTATIONS). A seed that has shown a fault is added here
 * with its story. A change of what the functions ask of the world gives every seed another course: the fault itself is kept away by
 * a test of its own.
 */
export const REMEMBERED: readonly [seed: number, story: string][] = [
  [1, 'an end that is reported while another function may have reported it'],
  [2, 'two boots of one attempt; an attempt that was revoked; a VM that is on while the slot could move'],
  [3, 'a slot that is written late, by a function that decided for another run'],
  [5, 'a final.json that could be written twice'],
  [7, 'a slot that somebody else has changed; a completion that is handled while its outcome is new'],
  [19, 'a start call that is repeated after the work is done'],
  [38, 'metadata that is set late'],
  [57, 'an attempt that needs several starts'],
  [110, 'a stop call that takes effect late'],
];
