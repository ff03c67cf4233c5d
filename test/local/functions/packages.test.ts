import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { coldStart } from '../../../bench/cold-start/measure.ts';
import { cancelledRun } from '../../../bench/cold-start/stand-in.ts';
import { functionsFramework } from '../../../local/functions/framework.ts';
import { buildFunctions, FUNCTIONS } from '../../../scripts/build-functions.ts';
import { FUNCTIONS as TARGETS } from '../../../shared/model/functions.ts';

/** Of a bundle, the functions framework in it. */
const MAX_BYTES = 1_200_000;

const run = promisify(execFile);
let directory: string;

before(async () => {
  // Not below the checkout: nothing is found in its node_modules.
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'packages-')));
  await buildFunctions(directory);
});
after(() => rmSync(directory, { recursive: true }));

const folderOf = (name: string) => join(directory, name);
const targetOf = (name: string) => TARGETS.find((spec) => spec.name === name)?.target ?? '';

/** Starts what is in the folder and hands it a cancelled run. */
function start(name: string, folder = folderOf(name), program = 'framework/main.cjs') {
  const event = { name: 'whole' as const, body: cancelledRun.event, documents: cancelledRun.documents };
  return coldStart({ name, target: targetOf(name), program, folder, events: [event] }, event, directory);
}

for (const name of FUNCTIONS) {
  suite(name, () => {
    test(`its bundle has at most ${MAX_BYTES} bytes`, () => {
      const { size } = statSync(join(folderOf(name), 'index.cjs'));
      assert.ok(size <= MAX_BYTES, `${size} bytes`);
    });

    test('its folder is complete', () => {
      const files = readdirSync(folderOf(name), { recursive: true }).map(String).toSorted();
      assert.deepEqual(files, [
        'framework',
        'framework/cancelled-run.cjs',
        'framework/load.cjs',
        'framework/main.cjs',
        'framework/make-cache.cjs',
        'framework/package.json',
        'framework/stand-in.cjs',
        'index.cache',
        'index.cjs',
        'package-lock.json',
        'package.json',
        'picture',
        'picture/DejaVuSans.ttf',
        'picture/resvg.wasm',
        'report.cache',
        'report.cjs',
        'slack-bot.cjs',
      ]);
    });

    test('Node takes the code caches', async () => {
      const script = `
        const { load, scripts } = require('./framework/load.cjs');
        for (const file of ['./index.cjs', './report.cjs']) load(require.resolve(file));
        for (const script of scripts.values()) console.log(script.cachedDataRejected);`;
      const { stdout } = await run(process.execPath, ['-e', script], { cwd: folderOf(name) });
      assert.equal(stdout, 'false\nfalse\n');
    });

    test('it starts by itself and handles an event', async () => {
      const { calls } = await start(name);
      assert.ok(calls > 10, `${calls} calls`);
    });
  });
}

suite('a folder that is not as it should be', () => {
  test('a code cache of something else is passed over in silence', async () => {
    const folder = copyOf('start-run');
    cpSync(join(folderOf('finish-run'), 'index.cache'), join(folder, 'index.cache'));
    await start('start-run', folder);
    writeFileSync(join(folder, 'index.cache'), 'no cache at all');
    await start('start-run', folder);
  });

  test('without a code cache it starts as well, and gcp-build makes one', async () => {
    const folder = copyOf('sweep-runs');
    rmSync(join(folder, 'index.cache'));
    await start('sweep-runs', folder);
    await run('npm', ['run', 'gcp-build'], { cwd: folder, env: withOurNode() });
    assert.ok(existsSync(join(folder, 'index.cache')));
  });

  test('the framework as it is published runs it too, should it be the one that is started', async () => {
    await start('finish-run', copyOf('finish-run'), functionsFramework());
  });
});

test('after npm ci, node_modules/.bin/functions-framework starts it, as the buildpack does', async () => {
  const folder = copyOf('finish-run');
  await run('npm', ['ci', '--offline', '--no-audit', '--no-fund'], { cwd: folder, env: withOurNode() });
  const program = realpathSync(join(folder, 'node_modules/.bin/functions-framework'));
  accessSync(program, constants.X_OK);
  await start('finish-run', folder, program);
});

function copyOf(name: string): string {
  const folder = mkdtempSync(join(directory, `${name}-`));
  cpSync(folderOf(name), folder, { recursive: true });
  return folder;
}

/** npm's own scripts find the Node that runs the tests. */
function withOurNode(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${join(process.execPath, '..')}:${process.env.PATH ?? ''}` };
}
