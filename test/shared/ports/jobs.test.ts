import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { jobId, waveOf } from '../../../shared/ports/jobs.ts';

suite('the id of a wave’s job', () => {
  test('names the run and the wave, and is found again in a resource name', () => {
    const id = jobId('20261201-060000-1a2b', 12);
    assert.equal(id, 'v20261201-060000-1a2b-w12');
    assert.deepEqual(waveOf(`projects/1/locations/us-east4/jobs/${id}`), {
      runId: '20261201-060000-1a2b',
      wave: 12,
    });
  });

  test('is not found in the name of another job', () => {
    for (const name of [
      'jobs/nightly',
      'v20261201-060000-1a2b',
      'xv20261201-060000-1a2b-w1',
      'v20261201-060000-1a2b-w0',
    ])
      assert.equal(waveOf(name), undefined);
  });
});
