import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { renderConfig } from '../../../cli/init/render.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { withoutMake } from '../makefile/make.ts';
import { vicinity } from '../support/call.ts';
import { factsOf, openPipeline, PIPELINES, proposalFor } from './corpus.ts';

/** What init proposes for Makefiles of every kind, and how many of the facts about them are right. */

const READERS = [
  { reader: 'make', usesMake: true, skip: withoutMake },
  { reader: 'the parser', usesMake: false, skip: false },
] as const;
const score = new Map<string, { right: number; all: number }>();

for (const { reader, usesMake, skip } of READERS) {
  for (const name of PIPELINES) {
    test(`${name}, read by ${reader}`, { skip }, async () => {
      using repository = openPipeline(name);
      const facts = factsOf(name, await proposalFor(repository.directory, usesMake));
      const before = score.get(reader) ?? { right: 0, all: 0 };
      const right = facts.filter(({ holds }) => holds).length;
      score.set(reader, { right: before.right + right, all: before.all + facts.length });
      for (const { name: fact, expected, actual } of facts.filter(({ holds }) => !holds))
        assert.deepEqual(actual, expected, fact);
    });
  }
}

for (const name of PIPELINES) {
  test(`${name}: both readers propose the same`, { skip: withoutMake }, async () => {
    using repository = openPipeline(name);
    const [one, other] = [
      await proposalFor(repository.directory, true),
      await proposalFor(repository.directory, false),
    ];
    assert.equal(renderConfig({ ...one, doubts: [] }), renderConfig({ ...other, doubts: [] }));
  });

  test(`${name}: what init writes passes vicinity check`, async () => {
    using repository = openPipeline(name);
    const cwd = repository.directory;
    const env = { PATH: process.env.PATH ?? '' };
    const written = await vicinity(['init', '--yes', '--json'], { cwd, env });
    assert.equal(written.code, 0, written.stderr);
    repository.commit();
    const checked = await vicinity(['check', '--json'], { cwd, env });
    assert.deepEqual(
      JSON.parse(checked.stdout).findings.filter(({ level }: { level: string }) => level === 'error'),
      [],
    );
    assert.equal(checked.code, 0);
    const { defaultTarget } = JSON.parse(written.stdout);
    const dry = await vicinity(['init', '--dry-run'], { cwd, env });
    assert.equal(loadConfig({ text: dry.stdout, env: {} }).defaultTarget, defaultTarget);
  });
}

after(() => {
  for (const [reader, { right, all }] of score)
    console.log(`# score of ${reader}: ${right} of ${all} facts about ${PIPELINES.length} Makefiles`);
});
