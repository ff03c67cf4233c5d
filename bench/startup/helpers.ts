import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUCKET, startCloud } from '../../test/startup-script/fixture/cloud.ts';
import { PYTHON, TOOLS } from '../../test/startup-script/fixture/tool.ts';

/** Of the kernel's accounting (sysconf(_SC_CLK_TCK) on Linux). */
const TICKS_PER_SECOND = 100;
const SETTLE_MS = 3000;
const WRITE_EVERY_MS = 500;
/** 20 KB a second: 70 MB an hour. */
const WRITE_BYTES = 10_000;

/** What one of the helpers used of one core while a job of `seconds` wrote its log, in percent. */
export interface Used {
  what: string;
  percent: number;
}

/** The programs that run beside a job, as the startup script starts them. Linux only. */
export async function benchHelpers(folder: string, seconds: number): Promise<Used[]> {
  const cloud = await startCloud(join(folder, 'cloud'));
  const file = (name: string) => join(folder, name);
  for (const name of ['build.log', 'serial.log', 'startup_detail.log']) writeFileSync(file(name), '');
  writeFileSync(file('phase'), 'make 2026-11-24T03:00:00Z\n');
  const env = { PATH: process.env.PATH, ...cloud.environment };
  const start = (name: string, ...args: string[]) =>
    spawn(PYTHON, ['-BS', `${TOOLS}${name}.py`, ...args], { env, stdio: 'ignore' });
  const pattern = '(?<done>\\d+)/(?<total>\\d+)';
  const children = {
    telemetry: start('telemetry', '5', file('telemetry.csv'), file('phase'), file('serial.log')),
    'log shipping': start(
      'logship',
      BUCKET,
      'runs/r/attempt-1/',
      ...['5', `${file('build.log')}=results/r/build.log`],
      ...['60', `${file('telemetry.csv')}=results/r/telemetry.csv`],
      ...['60', `${file('serial.log')}=results/r/serial.log`],
    ),
    'heartbeat and progress': start(
      'heartbeat',
      BUCKET,
      'r',
      '1',
      'boot',
      '60',
      file('phase'),
      file('build.log'),
      pattern,
    ),
    console: start('console', file('build.log'), file('serial.log')),
  };
  try {
    await sleep(SETTLE_MS);
    const before = Object.entries(children).map(([what, { pid }]) => ({ what, pid, ticks: ticksOf(pid) }));
    const end = performance.now() + seconds * 1000;
    for (let line = 0; performance.now() < end; line += 1) {
      appendFileSync(file('build.log'), `${line}/1000 ${'x'.repeat(80)}\n`.repeat(WRITE_BYTES / 90));
      await sleep(WRITE_EVERY_MS);
    }
    return before.map(({ what, pid, ticks }) => ({
      what,
      percent: (100 * (ticksOf(pid) - ticks)) / TICKS_PER_SECOND / seconds,
    }));
  } finally {
    for (const child of Object.values(children)) child.kill();
    await cloud.close();
  }
}

/** User and system time of a process (proc(5), /proc/PID/stat). */
function ticksOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
