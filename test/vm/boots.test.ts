import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { onlyWithNspawn, startMachine } from './fixture/machine.ts';

const QUICK = { Makefile: 'all:\n\t@mkdir -p out; echo x >out/x\n' };

describe('a really booted Debian', { ...onlyWithNspawn, concurrency: 2 }, () => {
  test('installs its packages at the first boot, and finds them on its disk at the second', async (t) => {
    const machine = await startMachine(t);
    await machine.submit(QUICK);
    const first = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual(
      [first.by, outcome?.outcome, outcome?.phase],
      ['guest', 'succeeded', 'done'],
      first.console,
    );
    assert.match((await machine.result('startup_detail.log')) ?? '', /Setting up make /);
    assert.equal(await machine.result('out/x'), 'x\n');

    await machine.submit(QUICK);
    const second = await machine.boot();
    const again = await machine.outcome();
    assert.equal(again?.outcome, 'succeeded', second.console);
    assert.match(second.console, /packages are on this disk already: make/);
    assert.notEqual(again?.bootId, outcome?.bootId);
  });
});
