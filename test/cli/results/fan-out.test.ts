import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutput } from '../../../cli/results/fan-out.ts';

const CASES: [file: string, outputs: string[], expected: boolean][] = [
  ['data/x.csv', ['data'], true],
  ['data/x.csv', ['data/'], true],
  ['data/x.csv', ['data/x.csv'], true],
  ['database/x.csv', ['data'], false],
  ['build.log', ['data', 'tiles'], false],
  ['build.log', [], false],
];

for (const [file, outputs, expected] of CASES) {
  test(`${file} is ${expected ? 'an output' : 'no output'} of [${outputs}]`, () => {
    assert.equal(isOutput(file, outputs), expected);
  });
}
