import { test } from 'node:test';
import { withoutNspawn } from '../../../local/test/vm/nspawn/without-nspawn.ts';

/** The suite of process mode, with a booted Debian in its place. */
if (withoutNspawn) test('outcomes in nspawn mode', { skip: withoutNspawn });
else {
  process.env.VICINITY_TEST_VM = 'nspawn';
  await import('../../e2e/outcomes.test.ts');
}
