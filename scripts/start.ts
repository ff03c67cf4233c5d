import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { prepareInputs } from '../examples/vicinity/prepare-inputs.ts';
import { renderText } from '../local/slack/terminal.ts';
import { UnsupportedHostError } from '../local/vm/host-error.ts';
import { type LocalCloud, startLocalCloud } from '../sandbox/local-cloud.ts';
import { examplePipeline } from '../sandbox/package-parts.ts';
import { CHANNEL } from '../sandbox/workspace.ts';
import { functionsFolder, startupScript } from '../shared/artifacts/parts.ts';
import { CONFIG_FILE, loadConfig } from '../shared/config/load.ts';
import { InvalidError } from '../shared/errors.ts';
import { Screen } from './start/screen.ts';
import { vicinity } from './start/vicinity.ts';

/**
 * `npm start`: the main job from end to end on the embedded local cloud, with the example pipeline. Ends by itself, with the run's
 * exit code. `--target` and `--param` go into the request; with `--json` the last line of stdout is the run's status.json.
 */
const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    param: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  },
});
const screen = new Screen(values.json ? process.stderr : process.stdout);
const pipeline = examplePipeline();
const stateDir = mkdtempSync(join(tmpdir(), 'vicinity-start-'));
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end(signal));

try {
  process.exitCode = await show();
} catch (error) {
  if (ending.signal.aborted) screen.closing(['Ended, and the local cloud and the run with it.']);
  else if (error instanceof InvalidError || error instanceof UnsupportedHostError) {
    process.exitCode = 2;
    screen.closing([error.message]);
  } else throw error;
} finally {
  rmSync(stateDir, { recursive: true, force: true });
}

/** The exit code is that of a program which the signal ended. */
function end(signal: 'SIGINT' | 'SIGTERM'): void {
  process.exitCode = 128 + constants.signals[signal];
  ending.abort();
}

async function show(): Promise<number> {
  screen.title('vicinity', 'one run, from the message to Slack, on this machine');
  screen.step(
    'Local cloud',
    'Pub/Sub, Storage, Compute, Scheduler, Slack and the real functions on 127.0.0.1',
  );
  prepareInputs();
  const cloud = await start();
  try {
    const client = vicinity({
      cwd: pipeline,
      env: cloud.env(),
      signal: ending.signal,
      output: screen.stream,
    });
    screen.step('Push', 'the example pipeline, as an immutable package');
    await client.must('push');
    screen.step('Run', 'a message on the topic vicinity-run; the VM is a process group here (process mode)');
    const request = [
      ...(values.target ? ['--target', values.target] : []),
      ...values.param.flatMap((param) => ['--param', param]),
    ];
    const code = await client.run('run', '--watch', ...request);
    const status = await client.capture('status', '--json');
    if (!status) return code;
    await sawVmOff(client.capture);
    screen.step('Status', 'runs/<runId>/status.json, as vicinity status shows it');
    await client.run('status');
    screen.step('Results', 'fetched from the bucket and verified');
    await client.run('pull');
    screen.step('Slack', 'the messages in the channel');
    showSlack(cloud);
    screen.closing([
      `Results are in ${join('examples', 'vicinity', 'data', 'categories_results', 'latest')}.`,
      'Open report.html there in a browser: the run as a report.',
      'To use it by hand: npx vicinity local up --detach, then npx vicinity run --watch.',
    ]);
    if (values.json)
      process.stdout.write(
        `${JSON.stringify(JSON.parse((await client.capture('status', '--json')) ?? 'null'))}\n`,
      );
    return code;
  } finally {
    await cloud.close();
  }
}

async function start(): Promise<LocalCloud> {
  const config = loadConfig({ text: readFileSync(join(pipeline, CONFIG_FILE), 'utf8'), env: {} });
  const [bundles, script] = await Promise.all([functionsFolder(), startupScript()]);
  return startLocalCloud({ stateDir, portBase: 0, config, functionsDir: bundles, startupScript: script });
}

/** finish-run records the end at once, and a moment later that the VM is off; the report and the last picture show both. */
async function sawVmOff(capture: (...args: string[]) => Promise<string | undefined>): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (let pause = 200; Date.now() < deadline; pause = Math.min(pause * 1.5, 2000)) {
    const status = JSON.parse((await capture('status', '--json')) ?? '{}');
    if (status.vm?.terminatedSeenAt) return;
    await sleep(pause);
  }
}

function showSlack(cloud: LocalCloud): void {
  const colour = screen.colour;
  for (const message of cloud.slack.messages())
    screen.block(renderText(message, { colour, width: screen.width - 2, channel: CHANNEL }));
}
