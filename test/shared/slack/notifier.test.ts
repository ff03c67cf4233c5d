import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { TransientError } from '../../../shared/errors.ts';
import { slackNotifier } from '../../../shared/slack/notifier.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { MemoryObjects } from '../../fakes/memory-objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'webhook-'));
after(() => rmSync(folder, { recursive: true }));

const missed = { schedule: 'weekly', due: '2026-11-23T08:00:00.000Z', region: 'us-east4', resend: false };
const notify = (file: string | undefined) =>
  slackNotifier(file, { channel: undefined, objects: new MemoryObjects(new ManualClock()) }).notify({
    event: 'missed-schedule',
    ...missed,
  });

test('without a Slack secret, delivery is refused permanently and the message says how to set one', async () => {
  const placeholder = join(folder, 'placeholder');
  writeFileSync(placeholder, 'none\n');
  for (const file of [undefined, placeholder]) {
    assert.deepEqual(await notify(file), {
      delivered: false,
      refused: 'Slack is not configured. Set a webhook URL or a bot token with vicinity deploy secret.',
    });
  }
});

test('a secret that cannot be read is a transient error', async () => {
  const file = join(folder, 'missing');
  await assert.rejects(
    notify(file),
    new TransientError(
      `The Slack secret ${file} cannot be read (ENOENT). Mount it as a volume of the function. Tried again later.`,
    ),
  );
});
