/**
 * Seeds that come close to what a safeguard prevents: without it they fail (see MUTATIONS). A seed that has shown a fault is added here
 * with its story. A change of what the functions ask of the world gives every seed another course: the fault itself is kept away by
 * a test of its own.
 */
export const REMEMBERED: readonly [seed: number, story: string][] = [
  [2, 'two boots of one attempt; a VM that is on while the slot could move'],
  [3, 'a final.json that could be written twice'],
  [8, 'a slot that is written late, by a function that decided for another run'],
  [11, 'a completion that is handled while its outcome is new'],
  [13, 'a start call that is repeated after the work is done'],
  [32, 'a VM that boots for an attempt that was taken back'],
  [64, 'an attempt that needs several starts'],
  [5566, 'a VM that is on, started by a call whose answer was lost, when the account may not look at it'],
];
