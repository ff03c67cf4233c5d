import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommanderError } from 'commander';
import { WaitedTooLongError } from '../../../cli/exit/errors.ts';
import { explain } from '../../../cli/exit/explain.ts';
import { InvalidError, NotFoundError, PermissionError, TransientError } from '../../../shared/errors.ts';

const FAULT = { field: 'a', problem: 'is b', remedy: 'Do c.' };

const CASES: [error: unknown, code: number, message: string][] = [
  [new CommanderError(0, 'commander.helpDisplayed', 'help'), 0, ''],
  [new CommanderError(1, 'commander.unknownOption', 'told already'), 2, ''],
  [new InvalidError([FAULT, FAULT]), 2, 'a: is b. Do c.\na: is b. Do c.'],
  [new PermissionError('no'), 3, 'no'],
  [new Error('bad request', { cause: { code: 400 } }), 3, 'bad request'],
  [new NotFoundError('none'), 4, 'none'],
  [new WaitedTooLongError('late'), 5, 'late'],
  [new TransientError('down'), 5, 'down\nThe cloud does not answer as it should. It may pass: try again.'],
  [
    new Error('read gs://b/o: ENOSPC', { cause: { code: 'ENOSPC', syscall: 'write' } }),
    2,
    'read gs://b/o: ENOSPC. Make room there, or choose another place.',
  ],
  [new TypeError('bug'), 70, 'bug\nThis is unexpected: VICINITY_DEBUG=1 shows where.'],
  [
    Object.assign(new Error("EROFS: read-only file system, mkdir 'data'"), {
      code: 'EROFS',
      syscall: 'mkdir',
    }),
    2,
    "EROFS: read-only file system, mkdir 'data'. Choose another place, which may be written.",
  ],
  ['thrown', 70, 'thrown\nThis is unexpected: VICINITY_DEBUG=1 shows where.'],
];

for (const [error, code, message] of CASES) {
  test(`${error} ends with ${code}`, () => {
    assert.deepEqual(explain(error), { code, message });
  });
}
