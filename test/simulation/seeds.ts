/**
 * Seeds that come close to what a safeguard prevents: without it they fail (see MUTATIONS). A seed that has shown a fault is added here
 * with its story. A change of what the functions ask of the world gives every seed another course: the fault itself is kept away by
 * a test of its own.
 */
export const REMEMBERED: readonly [seed: number, story: string][] = [
  [1, 'an end that is reported while another function may have reported it'],
  [2, 'two boots of one attempt'],
  [
    7,
    'a slot that is written late; a final.json that could be written twice; a VM that is on while the slot could move',
  ],
  [12, 'a start call that is repeated after the work is done; metadata that is set late'],
  [25, 'a VM that boots for an attempt that was revoked'],
  [104, 'an attempt that needs several starts'],
  [154, 'a stop call that takes effect late'],
  [194, 'a completion that is handled while its outcome is new'],
];
