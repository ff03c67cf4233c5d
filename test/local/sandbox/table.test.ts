import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startLocalCloud } from '../../../sandbox/local-cloud.ts';
import { startupScript } from '../../../shared/artifacts/parts.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import { vicinity } from '../../cli/support/call.ts';

const SETTINGS = 'schedules:\n  weekly: { cron: "0 3 * * 1", target: all }\n';

test('`deploy plan` finds the resources of the table, except the functions, which run without a deployment', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'table-'));
  const cwd = join(folder, 'repository');
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'vicinity.yaml'), SETTINGS);
  const cloud = await startLocalCloud({
    stateDir: join(folder, 'state'),
    portBase: 0,
    config: loadConfig({ text: SETTINGS, env: {} }),
    functionsDir: join(folder, 'bundles'),
    startupScript: await startupScript(),
  });
  try {
    Object.assign(process.env, cloud.env());
    const { stdout } = await vicinity(['deploy', 'plan', '--json'], { cwd, env: cloud.env() });
    const { changes } = JSON.parse(stdout) as {
      changes: { action: string; kind: string; name: string; differences: { path: string }[] }[];
    };
    assert.deepEqual(
      changes.map(({ action, kind, name, differences }) =>
        [action, kind, name, ...differences.map(({ path }) => path)].join(' '),
      ),
      [
        'create function start-run',
        'create function finish-run',
        'create function sweep-runs',
        'update subscription start-run push.function',
        'update subscription finish-run push.function',
        'update subscription sweep-runs push.function',
        'create grants function start-run',
        'create grants function finish-run',
        'create grants function sweep-runs',
      ],
    );
  } finally {
    await cloud.close();
    rmSync(folder, { recursive: true });
  }
});
