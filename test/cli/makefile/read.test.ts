import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Makefile } from '../../../cli/makefile/makefile.ts';
import { findMakefile, readMakefile } from '../../../cli/makefile/read.ts';
import { withoutMake } from './make.ts';

/** Both readers must read the same: make, which knows, and the parser, which stands in for it. */
const READERS = [
  { reader: 'make', skip: withoutMake },
  { reader: 'parser', skip: false },
] as const;

type Files = Record<string, string>;

async function read(files: Files, reader: 'make' | 'parser', env: Files = {}): Promise<Makefile> {
  using folder = new Folder(files);
  const file = findMakefile(folder.directory) ?? '';
  const passed = { PATH: process.env.PATH ?? '', ...env };
  return await readMakefile(folder.directory, file, { env: passed, usesMake: reader === 'make' });
}

class Folder implements Disposable {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'vicinity-makefile-'));

  constructor(files: Files) {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(this.directory, name), text);
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

const recipesOf = ({ targets }: Makefile) =>
  Object.fromEntries(targets.map(({ name, recipe }) => [name, recipe]));
const prerequisitesOf = ({ targets }: Makefile) =>
  Object.fromEntries(targets.map(({ name, prerequisites }) => [name, prerequisites.toSorted()]));

interface Case {
  name: string;
  makefile: string;
  /** Prerequisites by target, sorted. */
  rules?: Record<string, string[]>;
  recipes?: Record<string, string[]>;
  /** Variables that are left to the caller. */
  defaults?: string[];
  goal?: string;
}

const CASES: Case[] = [
  {
    name: 'several targets, order-only prerequisites, and rules without a recipe add up',
    makefile: 'a b: c | d\na: e\n\techo $@\n./f: ./g\n',
    rules: { a: ['c', 'd', 'e'], b: ['c', 'd'], f: ['g'] },
    recipes: { a: ['echo $@'], b: [], f: [] },
    goal: 'a',
  },
  {
    name: 'words of define, recipes, comments and strings are no targets',
    makefile: 'define TEXT\nUsage: all\n\tx: y\nendef\n# no: rule\nV = a: b\nall:\n\t@echo "not: this"\n',
    rules: { all: [] },
    recipes: { all: ['@echo "not: this"'] },
  },
  {
    name: 'double-colon rules have all their recipes, a single-colon rule the last one',
    makefile: 'a:: x\n\tone\na:: y\n\ttwo\nb:\n\tone\nb: z\n\ttwo\n\tthree\n',
    rules: { a: ['x', 'y'], b: ['z'] },
    recipes: { a: ['one', 'two'], b: ['two', 'three'] },
  },
  {
    name: 'assignments of every kind are no rules',
    makefile:
      'A := x\nB ::= x\nC = x\nD ?= x\nE += x\nF != pwd\nG:=x\nH?=x\nexport I ?= x\nexport J\nx y\n'.replace(
        'x y\n',
        '',
      ),
    rules: {},
    defaults: ['D', 'H', 'I', 'J'],
  },
  {
    name: 'variables of a target make no target',
    makefile: 'a: X = 1\na: private Y := 2\na: export Z ?= 3\nb: X += 1\nb: c\n',
    rules: { b: ['c'] },
  },
  {
    name: 'static patterns, computed names, functions and substitution references',
    makefile:
      'N = one two\nO = $(N:%=out/%.txt)\nall: $(O) $(addsuffix .md,$(sort b a)) $(N:e=a)\n$(O): out/%.txt: in/%.csv common\n\tcp $< $@\n',
    rules: {
      all: ['a.md', 'b.md', 'ona', 'out/one.txt', 'out/two.txt', 'two'],
      'out/one.txt': ['common', 'in/one.csv'],
      'out/two.txt': ['common', 'in/two.csv'],
    },
  },
  {
    name: 'conditions, nested and chained, also around recipes',
    makefile:
      'X = 1\nifeq ($(X),2)\na: ;\nelse ifeq \'$(X)\' "1"\nb:\nifdef X\n\tyes\nelse\n\tno\nendif\nifneq (,$(Y))\nc: ;\nelse\nd: ;\nendif\nelse\ne: ;\nendif\nifndef Y\nf: ;\nendif\n',
    rules: { b: [], d: [], f: [] },
    recipes: { b: ['yes'], d: [], f: [] },
  },
  {
    name: 'eval, call and foreach, nested',
    makefile:
      'define rule\n$(1)-$(2): $$(IN)/$(1)\n\trun $(1) $$@\nendef\nIN = in\n$(foreach a,x y,$(foreach b,1 2,$(eval $(call rule,$(a),$(b)))))\n',
    rules: { 'x-1': ['in/x'], 'x-2': ['in/x'], 'y-1': ['in/y'], 'y-2': ['in/y'] },
    recipes: { 'x-1': ['run x $@'], 'x-2': ['run x $@'], 'y-1': ['run y $@'], 'y-2': ['run y $@'] },
  },
  {
    name: 'continued lines, with a tab or not, and CRLF after a byte order mark',
    makefile: '\ufeffa: b \\\r\n  c\r\n\tone \\\r\n\t  two\r\n\tthree \\\r\n   four\r\nV ?= x \\\r\n  y\r\n',
    rules: { a: ['b', 'c'] },
    recipes: { a: ['one two', 'three four'] },
    defaults: ['V'],
  },
  {
    name: 'another recipe prefix, a command beside the rule, and escaped characters',
    makefile: '.RECIPEPREFIX = >\na: b ; one\n> two # kept\nc: d\\#e # left out\n',
    rules: { a: ['b'], c: ['d#e'] },
    recipes: { a: ['one', 'two # kept'], c: [] },
  },
  {
    name: 'names in .PHONY alone are targets, pattern and suffix rules are not',
    makefile: '.PHONY: p q\n.SUFFIXES: .c .o\np: ;\n%.o: %.c\n\tcc\n.c.o:\n\tcc\n',
    rules: { p: [], q: [] },
    goal: 'p',
  },
  {
    name: '.DEFAULT_GOAL wins over the first target',
    makefile: '.DEFAULT_GOAL := b\na: ;\nb: ;\n',
    rules: { a: [], b: [] },
    goal: 'b',
  },
];

for (const { reader, skip } of READERS) {
  for (const { name, makefile, rules, recipes, defaults, goal } of CASES) {
    test(`${name} (${reader})`, { skip }, async () => {
      const found = await read({ Makefile: makefile }, reader);
      assert.deepEqual([found.reader, found.doubts], [reader, []]);
      if (rules) assert.deepEqual(prerequisitesOf(found), rules);
      if (recipes) assert.deepEqual(recipesOf(found), recipes);
      if (defaults)
        assert.deepEqual(
          [...found.variables.values()].filter(({ isDefault }) => isDefault).map(({ name }) => name),
          defaults,
        );
      if (goal) assert.equal(found.defaultGoal, goal);
    });
  }

  test(`the environment of this process sets no variable (${reader})`, { skip }, async () => {
    const env = { WORKERS: '99', MAKEFLAGS: '-n', MAKEFILES: 'other.mk', SHELL: '/bin/false' };
    const { variables } = await read({ Makefile: 'WORKERS ?= 4\nall: ;\n' }, reader, env);
    assert.equal(variables.get('WORKERS')?.value, '4');
  });

  test(`GNUmakefile comes first, and included files are named (${reader})`, { skip }, async () => {
    const files = {
      Makefile: 'wrong: ;\n',
      GNUmakefile: 'include *.mk\n-include absent.mk\nall: ;\n',
      'a.mk': 'fromA: ;\n',
      'b.mk': 'fromB: ;\n',
    };
    const found = await read(files, reader);
    assert.deepEqual(found.files, ['GNUmakefile', 'a.mk', 'b.mk']);
    assert.deepEqual(Object.keys(prerequisitesOf(found)).sort(), ['all', 'fromA', 'fromB']);
  });
}

test('make runs no recipe, not even to remake an included file', { skip: withoutMake }, async () => {
  using folder = new Folder({
    Makefile:
      'all: ;\n-include made.mk\nmade.mk: FORCE\n\ttouch trace; echo "late: ;" > made.mk\nFORCE:\nMakefile: FORCE\n\ttouch trace\n',
  });
  const { directory } = folder;
  const found = await readMakefile(directory, 'Makefile', { env: process.env });
  assert.equal(found.reader, 'make');
  assert.deepEqual(
    [existsSync(path.join(directory, 'trace')), existsSync(path.join(directory, 'made.mk'))],
    [false, false],
  );
});

test('where make stops, the parser reads, and says why', { skip: withoutMake }, async () => {
  const found = await read({ Makefile: 'ifndef BUCKET\n$(error Set BUCKET)\nendif\nall: ;\n' }, 'make');
  assert.equal(found.reader, 'parser');
  assert.deepEqual(found.doubts, ['make stops at "Makefile:2: *** Set BUCKET.  Stop."']);
  assert.deepEqual(Object.keys(prerequisitesOf(found)), ['all']);
});

test('without make, $(shell …) is not run, and named', async () => {
  const makefile = 'NAMES := $(shell touch trace; echo a b)\nHERE := $(shell pwd)\nall: $(NAMES) ;\n';
  const found = await read({ Makefile: makefile }, 'parser');
  assert.deepEqual(found.doubts, ['$(shell touch trace; echo a b) was not run']);
  assert.deepEqual(prerequisitesOf(found), { all: [] });
});

for (const { reader, skip } of READERS) {
  test(`an included file that is not there is a doubt (${reader})`, { skip }, async () => {
    const found = await read({ Makefile: 'include absent.mk\nall: ;\nabsent.mk:\n\ttouch $@\n' }, reader);
    assert.deepEqual(found.doubts, ['absent.mk is included, but is not there']);
    assert.ok(found.targets.some(({ name }) => name === 'all'));
  });
}

test('a Makefile that includes itself, and variables that refer to themselves, end', async () => {
  const found = await read({ Makefile: 'A = $(A) x\nB = $(A)\nall: $(B) ;\n-include Makefile\n' }, 'parser');
  assert.ok(found.targets.some(({ name }) => name === 'all'));
});
