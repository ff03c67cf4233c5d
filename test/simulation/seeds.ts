/**
 * Seeds that come close to what a safeguard prevents: without it they fail (see MUTATIONS). A seed that has shown a fault is added here
 * with its story. A change of what the functions ask of the world gives every seed another course: the fault itself is kept away by
 * a test of its own.
 */
export const REMEMBERED: readonly [seed: number, story: string][] = [
  [1, 'an end that is told while another function may have told it'],
  [2, 'a VM that is on while the slot could move'],
  [4, 'two boots of one attempt'],
  [
    6,
    'a slot that is written late, by a function that decided for another run; a final.json that could be written twice',
  ],
  [12, 'a VM that boots for an attempt that was taken back'],
  [44, 'a completion that is handled while its outcome is new'],
  [97, 'an attempt that needs several starts'],
  [111, 'a start call that is repeated after the work is done'],
];
