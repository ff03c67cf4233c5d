import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runTool } from './fixture/tool.ts';

const directory = mkdtempSync(join(tmpdir(), 'vicinity-quote-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const log = join(directory, 'log');

async function quote(kind: string, text: string | Buffer, ...more: string[]): Promise<string> {
  writeFileSync(log, text);
  const { status, stdout, stderr } = await runTool('quote', [kind, log, ...more]);
  assert.deepEqual([status, stderr], [0, '']);
  return stdout.trimEnd();
}

/** What a failing job leaves at the end of build.log, and what is quoted of it. */
const JOBS: [string, string[], string][] = [
  ['nothing of make', ['some output'], ''],
  [
    'the last line of the program before make’s own',
    [
      'Traceback:',
      'ValueError: no column x',
      'make: *** [Makefile:4: all] Error 1',
      "make: Leaving directory '/src'",
    ],
    'make: *** [Makefile:4: all] Error 1. The line before: ValueError: no column x',
  ],
  [
    'the innermost of nested makes',
    [
      'cc: fatal error: no input files',
      'make[2]: *** [lib.mk:7: x.o] Error 1',
      "make[2]: Leaving directory '/src/lib'",
      'make[1]: *** [sub.mk:3: lib] Error 2',
      'make: *** [Makefile:2: all] Error 2',
    ],
    'make[2]: *** [lib.mk:7: x.o] Error 1. The line before: cc: fatal error: no input files',
  ],
  [
    'the last of several that failed side by side',
    [
      'first',
      'make[1]: *** [sub.mk:3: a] Error 1',
      'make[1]: *** [sub.mk:5: b] Error 1',
      'make: *** [Makefile:2: all] Error 2',
    ],
    'make[1]: *** [sub.mk:5: b] Error 1. The line before: first',
  ],
  [
    'not a nested make whose failure was tolerated',
    ['make[1]: *** [sub.mk:3: lib] Error 2', 'going on', 'make: *** [Makefile:2: all] Error 2'],
    'make: *** [Makefile:2: all] Error 2. The line before: going on',
  ],
  [
    'not that make waits for other jobs',
    ['oops', 'make: *** [Makefile:2: a] Error 1', 'make: *** Waiting for unfinished jobs....', 'b is done'],
    'make: *** [Makefile:2: a] Error 1. The line before: oops',
  ],
  [
    'of a rule that is missing, only make’s line, in any language',
    ['echo x', "make: *** No rule to make target 'data/Zürich/北京.csv', needed by 'all'.  Stop."],
    "make: *** No rule to make target 'data/Zürich/北京.csv', needed by 'all'.  Stop.",
  ],
  [
    'no colours, control characters and progress bars',
    ['10%\r20%\r\u001b[31mfailed\u0007\u001b[0m', 'make: *** [Makefile:2: all] Error 1'],
    'make: *** [Makefile:2: all] Error 1. The line before: failed',
  ],
  [
    'no secret',
    ['password=hunter2', 'make: *** [Makefile:2: all] Error 1'],
    'make: *** [Makefile:2: all] Error 1. The line before: password=[redacted]',
  ],
];
for (const [what, lines, quoted] of JOBS)
  test(`of a job is quoted: ${what}`, async () => {
    assert.equal(await quote('job', `${lines.join('\n')}\n`), quoted);
  });

/** What a command of the provisioning wrote, and what is quoted of it. */
const COMMANDS: [string, string[], string][] = [
  [
    'pip, of a package that does not exist',
    [
      'ERROR: Could not find a version that satisfies the requirement nope==1 (from versions: none)',
      'ERROR: No matching distribution found for nope==1',
    ],
    'ERROR: Could not find a version that satisfies the requirement nope==1 (from versions: none); ERROR: No matching distribution found for nope==1',
  ],
  [
    'pip, of a wheel that cannot be built',
    [
      '  error: subprocess-exited-with-error',
      '  × Building wheel for x (pyproject.toml) did not run successfully.',
      '      src/x.c:1:10: fatal error: Python.h: No such file or directory',
      "      error: command '/usr/bin/gcc' failed with exit code 1",
      '  ERROR: Failed building wheel for x',
      'ERROR: Failed to build installable wheels for some pyproject.toml based projects (x)',
    ],
    "src/x.c:1:10: fatal error: Python.h: No such file or directory; error: command '/usr/bin/gcc' failed with exit code 1",
  ],
  [
    'cargo, below make',
    [
      'error[E0425]: cannot find value `x` in this scope',
      ' --> src/lib.rs:3:5',
      'error: could not compile `heavy` (lib) due to 1 previous error',
      'make: *** [Makefile:5: native] Error 101',
    ],
    'error[E0425]: cannot find value `x` in this scope; make: *** [Makefile:5: native] Error 101',
  ],
  [
    'apt',
    ['Reading package lists...', 'E: Unable to locate package nope'],
    'E: Unable to locate package nope',
  ],
  [
    'curl',
    ['curl: (22) The requested URL returned error: 404'],
    'curl: (22) The requested URL returned error: 404',
  ],
  ['a program that names no error', ['working', 'it is over'], 'it is over'],
  ['a program that was silent', [], ''],
];
for (const [what, lines, quoted] of COMMANDS)
  test(`of provisioning is quoted: ${what}`, async () => {
    const text = ['$ earlier', 'error: of an earlier command', '', '$ the command', ...lines, ''].join('\n');
    assert.equal(await quote('command', text), quoted);
  });

test('what is quoted is short, however long the line', async () => {
  const line = `error: ${'ü '.repeat(50_000)}`;
  assert.equal(await quote('command', `$ x\n${line}\n`), `${line.slice(0, 299)}…`);
});

test('half of a secret at the end of what is read is not quoted', async () => {
  const token = `ghp_${'a'.repeat(36)}`;
  for (const length of [980, 990, 999]) {
    const text = await quote('tail', `${'x'.repeat(length)} ${token}\n`, '1');
    assert.doesNotMatch(text, /ghp_/);
  }
});

test('a line of a private key is not quoted', async () => {
  const key = ['-----BEGIN RSA PRIVATE KEY-----', ...Array(50).fill('MIIEowIBAAKCAQEA'.repeat(4))];
  const text = [...key, 'make: *** [Makefile:2: all] Error 1', ''].join('\n');
  assert.equal(await quote('job', text), 'make: *** [Makefile:2: all] Error 1. The line before: [redacted]');
});

test('the last lines are readable whatever the bytes are', async () => {
  const bytes = Buffer.concat([Buffer.from('one\ntwo caf'), Buffer.from([0xe9]), Buffer.from('\nthree\n')]);
  assert.equal(await quote('tail', bytes, '2'), 'two caf\ufffd\nthree');
});
