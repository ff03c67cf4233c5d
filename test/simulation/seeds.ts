/** Seeds that once showed a fault, or come close to what a safeguard prevents, with what they were about. */
export const REMEMBERED: readonly [seed: number, story: string][] = [
  [2, 'two boots of one attempt; an attempt that is revoked while its VM boots'],
  [13, 'a start call that is repeated after the work is done'],
  [16, 'a slot that is written late, by a function that decided for another run'],
  [18, 'a completion that is handled before the next boot'],
  [270, 'an attempt that needs several starts'],
];
