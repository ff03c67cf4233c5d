import { spawnSync } from 'node:child_process';

const { stdout } = spawnSync('make', ['--version'], { encoding: 'utf8' });

/** For `skip`: why make cannot be asked on this computer. */
export const withoutMake: string | false = /^GNU Make [4-9]/.test(stdout ?? '')
  ? false
  : 'there is no GNU make 4 on this computer';
