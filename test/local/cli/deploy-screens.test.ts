import { after, before, describe, test } from 'node:test';
import { album, screen, snapshot } from '../../cli/support/screens.ts';
import { ScriptedClock } from '../../cli/support/scripted-clock.ts';
import { type Deployment, startDeployment } from '../../deploy/support/deployment.ts';

/** What a person sees who deploys, and looks after what is deployed. */

describe('screens of the deployment', { timeout: 300_000 }, () => {
  let project: Deployment;
  before(async () => {
    project = await startDeployment({ adopted: true });
  });
  after(() => project[Symbol.asyncDispose]());

  const show = (args: string[], options = {}) => screen(args, { ...project.host, mask, ...options });

  test('from nothing to a deployment', async (t) => {
    const screens = [
      await show(['doctor']),
      await show(['deploy', 'plan']),
      await show(['deploy', 'plan'], { columns: 70 }),
      await show(['deploy', 'verify']),
      await show(['deploy', 'apply']),
      await show(['deploy', 'apply', '--yes']),
      await show(['deploy', 'plan']),
      await show(['deploy', 'apply', '--yes']),
      await show(['deploy', 'secret'], { stdin: 'https://hooks.slack.com/services/T0/B0/x' }),
      await show(['deploy', 'secret'], { stdin: 'not a webhook' }),
      await show(['deploy', 'verify', '--no-canary']),
      await show(['doctor']),
    ];
    t.assert.fileSnapshot(album(screens), ...snapshot('deploy'));
  });

  test('schedules', async (t) => {
    // The jobs keep the cloud's time; the next firings are reckoned from this one.
    const clock = new ScriptedClock([], '2026-11-24T12:00:00Z');
    const screens = [
      await show(['schedule', 'show'], { clock }),
      await show(['schedule', 'set', 'weekly', '--cron', '0 5 * * 2'], { clock }),
      await show(['schedule', 'pause', 'weekly'], { clock }),
      await show(['schedule', 'show'], { clock }),
      await show(['schedule', 'resume', 'weekly'], { clock }),
      await show(['schedule', 'set', 'weekly', '--cron', '@weekly', '--time-zone', 'Mars/Base'], { clock }),
      await show(['schedule', 'pause', 'monthly'], { clock }),
    ];
    t.assert.fileSnapshot(album(screens), ...snapshot('schedule'));
  });

  test('and back', async (t) => {
    const screens = [
      await show(['deploy', 'destroy'], { stdin: 'another-project\n' }),
      await show(['deploy', 'destroy', '--yes']),
      await show(['deploy', 'destroy', '--yes']),
    ];
    t.assert.fileSnapshot(album(screens), ...snapshot('deploy-destroy'));
  });
});

/** Parallel steps finish in any order, enabling one service may enable others, and the script and the configuration change. */
function mask(text: string): string {
  return text
    .replaceAll(/(startupScript: \S+ →) [0-9a-f]{12}/g, '$1 0123456789ab')
    .replaceAll(/under a cent bucket \([\d.]+ KB\)/g, 'under a cent bucket (1.6 KB)')
    .replaceAll(/^✓ api .+\n/gm, '')
    .replaceAll(/^\d+ of (\d+ resources created)/gm, '48 of $1')
    .replaceAll(/(?:^✓ .+ (?:created|changed)\n)+/gm, (lines) =>
      lines.split('\n').filter(Boolean).toSorted().concat('').join('\n'),
    );
}
