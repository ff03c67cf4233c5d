import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type LocalCloud, startLocalCloud } from '../../../sandbox/local-cloud.ts';
import { configSchema } from '../../../shared/config/schema.ts';
import { storageObjects } from '../../../shared/google/storage-objects.ts';
import { slotName } from '../../../shared/model/layout.ts';
import { EMPTY_SLOT } from '../../../shared/model/slot.ts';
import { objectsOfState, RUN_STATES } from '../../cli/screens/states.ts';
import { screen, snapshot } from '../../cli/support/screens.ts';
import { ScriptedClock } from '../../cli/support/scripted-clock.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'vicinity-status-'));
const config = configSchema.parse({});
const cloud: LocalCloud = await startLocalCloud({
  stateDir,
  portBase: 0,
  config,
  functionsDir: stateDir,
  startupScript: '#!/bin/bash\n',
});
const env = cloud.env();
Object.assign(process.env, env);
const objects = storageObjects(config.bucket, config.project);
after(async () => {
  await cloud.close();
  rmSync(stateDir, { recursive: true, force: true });
});

test('status without a run id shows the VM, the active run and the queue, then the newest run', async (t) => {
  const { running, queued, succeeded } = RUN_STATES;
  for (const state of [running, queued, succeeded])
    for (const [name, text] of Object.entries(objectsOfState(state))) await objects.put(name, text);
  const since = '2026-11-24T03:07:00Z';
  const active = {
    runId: running.status.runId,
    attempt: 1,
    startSeq: 0,
    since,
    attemptSince: since,
    earlierOnSeconds: 0,
  };
  const queue = [{ runId: queued.status.runId, since: '2026-11-24T03:30:00Z' }];
  await objects.put(slotName(config.instance), JSON.stringify({ ...EMPTY_SLOT, active, queue }));
  const clock = new ScriptedClock([], '2026-11-24T12:00:00Z');
  t.assert.fileSnapshot(await screen(['status'], { env, clock }), ...snapshot('status-overview'));
});
