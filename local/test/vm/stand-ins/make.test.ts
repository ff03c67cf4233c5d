import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bothOf, run, standInFor } from './programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'gcp-local-make-'));
after(() => rmSync(folder, { recursive: true }));

const MAKEFILE = String.raw`
# Variables of each kind
NAME ?= default
NOW := $(NAME)
LATER = $(NAME) later
NOW += more
export NAME SHOWN
SHOWN = shown to $(NAME)
SAY = @echo said by $@
.PHONY: all words fail careless \
        many

all: words many ## The first is the default

words:
	@echo "$(NOW) | $(LATER) | $$HOME_OF | ${'$'}{NAME}"
	@echo "$$NAME, $$SHOWN, target $@"

many: out/copy
	@echo two \
	  lines

out/copy: source.txt
	mkdir -p out
	cp $< $@

fail: words
	@echo before; exit 3

careless: ; @echo $@ here
	-@false
	$(SAY)
	@echo goes on

-include none.mk
`;

const CASES: { args: string[]; code: number; stdout: string; stderr?: string }[] = [
  {
    args: [],
    code: 0,
    stdout:
      'default more | default later | home | default\ndefault, shown to default, target words\n' +
      'mkdir -p out\ncp source.txt out/copy\ntwo lines\n',
  },
  {
    args: ['words', 'NAME=given'],
    code: 0,
    stdout: 'given more | given later | home | given\ngiven, shown to given, target words\n',
  },
  {
    args: ['--', 'fail', 'NAME=with spaces'],
    code: 2,
    stdout:
      'with spaces more | with spaces later | home | with spaces\n' +
      'with spaces, shown to with spaces, target words\nbefore\n',
    stderr: 'make: *** [fail] Error 3\n',
  },
  { args: ['careless'], code: 0, stdout: 'careless here\nsaid by careless\ngoes on\n' },
  { args: ['nowhere'], code: 2, stdout: '', stderr: "make: *** No rule to make target 'nowhere'.  Stop.\n" },
];

for (const program of bothOf('make')) {
  const { skip } = program;
  for (const { args, code, stdout, stderr = '' } of CASES) {
    test(`${program.what}: make ${args.join(' ')}`, { skip }, async () => {
      const cwd = project();
      const ended = await run(program, ['-C', cwd, '--no-print-directory', ...args], {
        env: { HOME_OF: 'home' },
      });
      assert.equal(ended.stdout, stdout);
      assert.equal(inCommon(ended.stderr), stderr);
      assert.equal(ended.code, code);
    });
  }

  test(`${program.what}: a file is made again only when what it is made of is newer`, { skip }, async () => {
    const cwd = project();
    const made = async () => (await run(program, ['out/copy'], { cwd })).stdout;
    assert.equal(await made(), 'mkdir -p out\ncp source.txt out/copy\n');
    assert.doesNotMatch(await made(), /cp/);
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(cwd, 'source.txt'), later, later);
    assert.match(await made(), /cp source.txt out\/copy/);
  });
}

for (const [what, line] of [
  ['a function', 'FILES := $(wildcard *.csv)'],
  ['a condition', 'ifeq ($(NAME),x)'],
  ['a pattern rule', '%.o: %.c'],
  ['a definition', 'define recipe'],
]) {
  test(`the stand-in refuses ${what} by its line`, async () => {
    const cwd = mkdtempSync(join(folder, 'refused-'));
    writeFileSync(join(cwd, 'Makefile'), `all:\n\techo made\n${line}\n`);
    const { code, stdout, stderr } = await run(standInFor('make'), ['all'], { cwd });
    assert.match(
      stderr,
      /^make: \*\*\* Makefile:3: .+ beyond this computer's stand-in for make\. Install GNU make\. {2}Stop\.\n$/,
    );
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  });
}

function project(): string {
  const cwd = mkdtempSync(join(folder, 'project-'));
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'Makefile'), MAKEFILE);
  writeFileSync(join(cwd, 'source.txt'), 'text\n');
  return cwd;
}

/** Versions of make differ in quotes, in naming the line, and in noting an error that they ignore. */
function inCommon(text: string): string {
  return text
    .replaceAll(/^make: .*\(ignored\)\n/gm, '')
    .replaceAll('`', "'")
    .replace(/\[Makefile:\d+: /, '[');
}
