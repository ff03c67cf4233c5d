import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CloudClock } from '../../local/core/clock.ts';
import { Faults } from '../../local/core/faults.ts';
import { listen } from '../../local/http/service.ts';
import { BOT_TOKEN } from '../../local/slack/bot-api.ts';
import { createSlackSink } from '../../local/slack/slack-sink.ts';
import { loadPicture } from '../../shared/report/picture.ts';
import { slackNotifier } from '../../shared/slack/notifier.ts';
import { sampleBucket, sampleStatus } from '../shared/report/sample-report.ts';
import { openPage, withoutChromium } from './chromium.ts';
import { image } from './images.ts';

const folder = mkdtempSync(join(tmpdir(), 'slack-page-'));
const clock = new CloudClock();
const sink = createSlackSink({
  directory: folder,
  workspace: { channel: 'vicinity', app: 'vicinity' },
  context: { clock, faults: new Faults(), onCall() {} },
});
const port = await listen(sink.server, 0);
after(() => {
  sink.server.closeAllConnections();
  sink.server.close();
  clock.close();
  rmSync(folder, { recursive: true });
});

test('the channel shows the message of a run, its thread and the picture', {
  skip: withoutChromium,
}, async () => {
  const secret = join(folder, 'secret');
  writeFileSync(secret, BOT_TOKEN);
  const objects = sampleBucket();
  const status = sampleStatus(0);
  const picture = () => loadPicture(objects, status);
  const apiUrl = `http://127.0.0.1:${port}/api/`;
  const notifier = slackNotifier(secret, { channel: '#vicinity', apiUrl, objects, picture });
  const { verdict: _, cost: __, ...underway } = status;
  const resend = false;
  await notifier.notify({
    event: 'queued',
    status: { ...underway, status: 'queued' },
    behind: 'x',
    resend,
  });
  await notifier.notify({
    event: 'started',
    status: { ...underway, status: 'starting' },
    machineType: 'c4d-highcpu-32',
    provisioning: 'standard',
    maxSeconds: 72_000,
    resend,
  });
  await notifier.notify({ event: 'finished', status, logTail: [], resend });
  const page = await openPage({ viewport: { width: 820, height: 1090 } });
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.locator('.reply img').waitFor();
  assert.equal(await page.locator('article:not(.reply)').count(), 1);
  assert.equal(await page.locator('.edited').count(), 1);
  // Its picture has come whole.
  await page.waitForFunction("document.querySelector('.reply img').naturalWidth === 1440");
  await page.screenshot({ path: image('slack.png') });
});
