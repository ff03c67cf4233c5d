import { obstacleToNspawn } from '../../../vm/nspawn/host.ts';

const obstacle = obstacleToNspawn();

/** For a test's `skip` option: why nspawn mode cannot be tested here, or false. */
export const withoutNspawn: string | false =
  obstacle !== undefined && `skipped, because ${obstacle.problem}. ${obstacle.remedy}`;
