import { test } from 'node:test';
import { obstacleToNspawn } from '../../../local/vm/nspawn/host.ts';

/** The suite of process mode, with a booted Debian in its place. */
const obstacle = obstacleToNspawn();
if (obstacle)
  test('failures in nspawn mode', { skip: `skipped, because ${obstacle.problem}. ${obstacle.remedy}` });
else {
  process.env.VICINITY_TEST_VM = 'nspawn';
  await import('../../e2e/failures.test.ts');
}
