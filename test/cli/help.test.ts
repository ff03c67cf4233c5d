import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vicinity } from './support/call.ts';

const COMMANDS = ['push', 'run', 'status', 'watch', 'logs', 'pull', 'cancel'];

test('the help lists the commands, examples and exit codes', async () => {
  const { code, stdout, stderr } = await vicinity(['--help']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(
    stdout,
    `Usage: vicinity [options] [command]

Runs a make target of many hours on a stopped VM, with nobody attached.

Global options:
  --json                     print JSON instead of text
  --config <file>            configuration file (default: vicinity.yaml, here or above)
  --project <id>             Google Cloud project
  --zone <zone>              zone of the VM
  --instance <name>          name of the VM
  --bucket <name>            bucket of the runs

Options:
  -V, --version              print the version
  -h, --help                 display help for command

Commands:
  push [options]             package the sources and upload what is new
  run [options]              ask for a run, and print its run id
  status [options] [RUN_ID]  show where a run stands
  watch [options] [RUN_ID]   follow a run: its phases, and its output as it happens
  logs [options] [RUN_ID]    print a run's log
  pull [options] [RUN_ID]    fetch a run's results
  cancel [options] <RUN_ID>  end a run, queued or running
  local [arguments...]       the whole system on this machine: up, down, env
  help [command]             display help for command

Examples:
  vicinity push && vicinity run --watch  package the sources, run the default target, follow it
  vicinity pull                          fetch the results of the newest finished run

Exit codes:
  0 done and good   1 the run failed   2 wrong usage or configuration
  3 refused by the cloud   4 not found   5 waited too long
`,
  );
});

for (const name of COMMANDS) {
  test(`${name} --help has the global options and examples of ${name}`, async () => {
    const { code, stdout } = await vicinity([name, '--help']);
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`^Usage: vicinity ${name} \\[options\\]`));
    assert.match(stdout, /^Global options:\n {2}--json /m);
    assert.match(stdout, new RegExp(`^Examples:\n {2}vicinity ${name}`, 'm'));
  });
}

test('a misspelt command or option is answered with the right one', async () => {
  assert.deepEqual(await vicinity(['stauts']), {
    code: 2,
    stdout: '',
    stderr:
      "error: unknown command 'stauts'\n(Did you mean status?)\nvicinity --help shows how it is used.\n",
  });
  assert.deepEqual(await vicinity(['pull', '--fanout']), {
    code: 2,
    stdout: '',
    stderr:
      "error: unknown option '--fanout'\n(Did you mean --fan-out?)\nvicinity pull --help shows how it is used.\n",
  });
});

test('a missing or surplus argument is wrong usage', async () => {
  assert.equal((await vicinity(['cancel'])).code, 2);
  assert.equal((await vicinity(['status', 'a', 'b'])).code, 2);
  assert.equal((await vicinity([])).code, 2);
});
