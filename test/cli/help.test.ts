import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vicinity } from './support/call.ts';
import { album, screen, snapshot } from './support/screens.ts';

const COMMANDS = [
  'init',
  'check',
  'push',
  'run',
  'status',
  'watch',
  'logs',
  'ssh',
  'pull',
  'cancel',
  'history',
  'compare',
  'report',
  'tune',
  'image',
  'dashboard',
  'doctor',
  ...['show', 'set', 'pause', 'resume', 'run'].map((name) => `schedule ${name}`),
  ...['plan', 'apply', 'secret', 'verify', 'destroy'].map((name) => `deploy ${name}`),
];

test('the help lists the commands, examples and exit codes', async (t) => {
  const screens = [await screen(['--help']), await screen(['--help'], { columns: 60 })];
  t.assert.fileSnapshot(album(screens), ...snapshot('help'));
});

for (const name of ['schedule', 'deploy', 'completion']) {
  test(`${name} --help`, async (t) => {
    t.assert.fileSnapshot(await screen([name, '--help']), ...snapshot(`help/${name}`));
  });
}

for (const name of COMMANDS) {
  test(`${name} --help has the global options and examples of ${name}`, async (t) => {
    const { code, stdout } = await vicinity([...name.split(' '), '--help']);
    assert.equal(code, 0);
    const text = await screen([...name.split(' '), '--help']);
    t.assert.fileSnapshot(text, ...snapshot(`help/${name.replace(' ', '-')}`));
    assert.match(stdout, new RegExp(`^Usage: vicinity ${name} \\[options\\]`));
    assert.match(stdout, /^Global options:\n {2}--json /m);
    assert.match(stdout, new RegExp(`^Examples:\n {2}vicinity ${name}`, 'm'));
  });
}

test('a misspelt command or option is answered with the right one', async () => {
  assert.deepEqual(await vicinity(['stauts']), {
    code: 2,
    stdout: '',
    stderr: "error: unknown command 'stauts'\n(Did you mean status?)\nSee vicinity --help.\n",
  });
  assert.deepEqual(await vicinity(['pull', '--fanout']), {
    code: 2,
    stdout: '',
    stderr: "error: unknown option '--fanout'\n(Did you mean --fan-out?)\nSee vicinity pull --help.\n",
  });
});

test('a missing or surplus argument is wrong usage', async () => {
  assert.equal((await vicinity(['cancel'])).code, 2);
  assert.equal((await vicinity(['status', 'a', 'b'])).code, 2);
  assert.equal((await vicinity([])).code, 2);
});
