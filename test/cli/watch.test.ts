import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { openContext } from '../../cli/context/context.ts';
import { runCommandLine } from '../../cli/program.ts';
import { watchRun } from '../../cli/runs/watch.ts';
import { TransientError } from '../../shared/errors.ts';
import { buildLogName, heartbeatName, statusName } from '../../shared/model/layout.ts';
import type { Status } from '../../shared/model/status.ts';
import type { StoredText } from '../../shared/ports/objects.ts';
import { startBucket } from './support/bucket.ts';
import { recordedHost, vicinity } from './support/call.ts';
import { MemoryFiles } from './support/memory-files.ts';
import { ScriptedClock } from './support/scripted-clock.ts';
import { finishedStatus, RUN_ID, statusOf } from './support/statuses.ts';

const { objects } = await startBucket();

const tell = (status: Status) => objects.put(statusName(RUN_ID), JSON.stringify(status));
const log = (text: string) => objects.put(buildLogName(RUN_ID), text);
const running = () => statusOf({ status: 'running', attempt: 1, startedAt: '2026-11-24T03:00:00Z' });

async function beat(phase: string): Promise<void> {
  const heartbeat = { at: '2026-11-24T03:00:00Z', bootId: 'boot', phase };
  await objects.put(heartbeatName(RUN_ID, 1), JSON.stringify(heartbeat));
}

beforeEach(async () => {
  await tell(statusOf({ queuePosition: 1 }));
  await log('');
});

test('tells each stage once on stderr, and the output as it grows on stdout, in whole lines', async () => {
  const clock = new ScriptedClock([
    () => {},
    () => tell(statusOf({ status: 'starting', attempt: 1 })),
    async () => {
      await tell(running());
      await beat('make');
      await log('one\n50 %\rtw');
    },
    () => log('one\n50 %\rtwo\n'),
    async () => {
      await log('one\n50 %\rtwo\nlast');
      await tell(finishedStatus());
    },
  ]);
  const { code, stdout, stderr } = await vicinity(['watch', RUN_ID], { clock });
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'one\n50 %\rtwo\nlast' });
  const stages = stderr.replaceAll(/^\d\d:\d\d:\d\d /gm, '');
  assert.equal(
    stages,
    `queued, position 1
starting, attempt 1
running, attempt 1, phase make
Run ${RUN_ID} succeeded after 10 h 12 min.
`,
  );
});

test('begins the log anew with another attempt', async () => {
  await tell(running());
  await log('a long first attempt\n');
  const clock = new ScriptedClock([() => log('second\n'), () => tell(finishedStatus({ attempt: 2 }))]);
  const { stdout } = await vicinity(['watch', RUN_ID], { clock });
  assert.equal(stdout, 'a long first attempt\nsecond\n');
});

test('exits as the run did, with its reason', async () => {
  const status = finishedStatus({
    status: 'failed',
    verdict: 'failed',
    exitCode: 2,
    phase: 'make',
    finishedAt: '2026-11-24T03:08:10Z',
    reason: 'make ended with exit code 2.',
  });
  await tell(status);
  const { code, stderr } = await vicinity(['watch'], {});
  assert.equal(code, 1);
  assert.equal(
    stderr,
    `Run ${RUN_ID} failed after 1 min 10 s: exit code 2 in phase make. make ended with exit code 2.\n`,
  );
});

test('a suspect run is good for a script, and a person is warned', async () => {
  await tell(finishedStatus({ verdict: 'suspect', reason: '3 [error] lines in build.log.' }));
  const { code, stderr } = await vicinity(['watch', RUN_ID], {});
  assert.equal(code, 0);
  assert.equal(
    stderr,
    `Run ${RUN_ID} succeeded after 10 h 12 min.
warning: Run ${RUN_ID} exited with code 0 but is suspect: 3 [error] lines in build.log.
`,
  );
});

test('--json prints the final status.json and nothing else', async () => {
  await log('output\n');
  await tell(finishedStatus());
  const { stdout } = await vicinity(['watch', RUN_ID, '--json']);
  assert.deepEqual(JSON.parse(stdout), finishedStatus());
});

test('a line is shown within three seconds of being in the bucket', async () => {
  await tell(running());
  let seenAt = 0;
  const clock = new ScriptedClock([
    () => {},
    () => {},
    () => log('late\n'),
    () => {},
    () => tell(finishedStatus()),
  ]);
  const begun = clock.now().getTime();
  const { host, stdout } = recordedHost({ clock });
  const write = stdout.write.bind(stdout);
  stdout.write = (bytes) => {
    seenAt = clock.now().getTime();
    write(bytes);
  };
  assert.equal(await runCommandLine(['logs', '--follow'], host), 0);
  assert.equal(stdout.text, 'late\n');
  // The third step of the clock is at 30 s.
  assert.ok(seenAt - begun >= 30_000 && seenAt - begun <= 33_000, String(seenAt - begun));
});

test('Ctrl-C detaches at once and leaves the run alone', async () => {
  let interrupt = () => {};
  const clock = new ScriptedClock([() => interrupt()]);
  const { code, stderr } = await vicinity(['watch', RUN_ID], {
    clock,
    onInterruptible: (listener) => (interrupt = listener),
  });
  assert.equal(code, 130);
  assert.equal(
    stderr.split('\n').at(-2),
    `Detached. Run ${RUN_ID} continues. Follow it with vicinity watch ${RUN_ID}, or end it with vicinity cancel ${RUN_ID}.`,
  );
});

test('a bucket out of reach is told once, and waited for', async () => {
  const clock = new ScriptedClock([
    () => (store.isReachable = false),
    () => {},
    () => (store.isReachable = true),
    () => store.tell(finishedStatus()),
  ]);
  const store = new UnsteadyFiles(clock);
  store.tell(running());
  const watched = { runId: RUN_ID, log: buildLogName(RUN_ID), deadlineMs: 3_600_000 };
  const { stderr, host } = recordedHost({ clock });
  const context = { ...openContext(host, {}), objects: () => Promise.resolve(store) };
  assert.equal(await watchRun(context, watched), 0);
  assert.equal(
    stderr.text.replaceAll(/^\d\d:\d\d:\d\d /gm, ''),
    `running, attempt 1
warning: The bucket is out of reach. The run is not affected.
Run ${RUN_ID} succeeded after 10 h 12 min.
`,
  );
});

class UnsteadyFiles extends MemoryFiles {
  isReachable = true;

  override async read(name: string): Promise<StoredText | undefined> {
    if (!this.isReachable) throw new TransientError('The bucket is out of reach.');
    return super.read(name);
  }

  tell(status: Status): void {
    this.write(statusName(RUN_ID), JSON.stringify(status));
  }
}

test('gives up after the time that it was given', async () => {
  const clock = new ScriptedClock();
  const { code, stderr } = await vicinity(['watch', RUN_ID, '--wait-seconds', '90'], { clock });
  assert.equal(code, 5);
  assert.equal(
    stderr.split('\n').at(-2),
    `error: Run ${RUN_ID} has not finished after 1 min 30 s of watching. It continues. Follow it with vicinity watch ${RUN_ID}.`,
  );
});

test('a line on a terminal shows that time passes, and never mixes with the output', async () => {
  await tell(running());
  await beat('make');
  const clock = new ScriptedClock([() => log('one\n'), () => tell(finishedStatus())]);
  const { host, stdout, screen } = recordedHost({ clock, isTerminal: true, env: { NO_COLOR: '1' } });
  assert.equal(await runCommandLine(['watch', RUN_ID], host), 0);
  assert.equal(stdout.text, 'one\n');
  const lines = screen.text.split('\r\u001b[2K').filter(Boolean);
  assert.deepEqual(lines.slice(0, 3), [
    '03:00:00 running, attempt 1, phase make\n',
    `${RUN_ID}  running, attempt 1, phase make  0 s`,
    `${RUN_ID}  running, attempt 1, phase make  1 s`,
  ]);
  assert.ok(lines.includes('one\n'), screen.text);
});
