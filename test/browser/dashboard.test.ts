import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { configSchema } from '../../shared/config/schema.ts';
import { PermissionError } from '../../shared/errors.ts';
import { deployedConfigName } from '../../shared/model/layout.ts';
import {
  NOW,
  RUNNING,
  SAMPLE_CONFIG,
  type SampleDashboard,
  STOPPED_VM,
  sampleDashboard,
  WAITING,
} from '../dashboard/sample-dashboard.ts';
import { SAMPLE_RUNS } from '../fakes/sample-history.ts';
import { openPage, withoutChromium } from './chromium.ts';
import { image } from './images.ts';

const SUSPECT = SAMPLE_RUNS[0]?.runId ?? '';
const WIDE = { viewport: { width: 1280, height: 800 } };

describe('the dashboard in a browser', { skip: withoutChromium }, () => {
  let sample: SampleDashboard;

  before(async () => {
    sample = await sampleDashboard();
  });
  after(() => sample?.[Symbol.asyncDispose]());

  async function open(path = '', options: BrowserContextOptions = WIDE): Promise<Page> {
    const page = await openPage(options);
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await page.clock.setFixedTime(NOW);
    await page.goto(`${sample.dashboard.url}${path}`);
    await page.locator('.row').first().waitFor();
    assert.deepEqual(problems, []);
    return page;
  }

  test('shows the VM with its current cost, the active run, the queue and the history', async () => {
    const page = await open();
    assert.equal(
      (await page.locator('#machine').innerText()).replaceAll(/\s+/g, ' '),
      'vicinity-batch running c4d-highcpu-32 · on for 39 min 52 s · $1.26 an hour, $0.83 since its start',
    );
    assert.deepEqual(await page.locator('.rows h2').allInnerTexts(), ['Running', 'Queue', 'Runs']);
    assert.deepEqual(
      await page.locator('.row').evaluateAll((rows) => rows.map((row) => row.getAttribute('href'))),
      [RUNNING, WAITING, ...SAMPLE_RUNS.map(({ runId }) => runId)].map((runId) => `#/runs/${runId}`),
    );
    await page.locator('.log div').first().waitFor();
    await page.screenshot({ path: image('dashboard.png') });
  });

  test('says how vicinity.yaml differs from the deployed configuration', async () => {
    const page = await open();
    assert.equal(await page.locator('#notice').isVisible(), false);
    const deployed = configSchema.parse({ ...SAMPLE_CONFIG, limits: { maxDuration: '1h' } });
    sample.objects.write(deployedConfigName('vicinity-batch'), JSON.stringify(deployed));
    await page.locator('#notice').waitFor({ state: 'visible' });
    assert.equal(
      await page.locator('#notice').innerText(),
      'vicinity.yaml differs from the deployed configuration, which runs use: limits.maxDuration (deployed: "1h", here: "20h"). To apply it: vicinity deploy apply, or vicinity local up for a local cloud.',
    );
    sample.objects.delete(deployedConfigName('vicinity-batch'));
  });

  test('shows a growing log and marks warnings', async () => {
    const page = await open(`#/runs/${RUNNING}`);
    await page.locator('.log div').first().waitFor();
    const name = `results/${RUNNING}/build.log`;
    const before = (await sample.objects.read(name))?.text ?? '';
    sample.objects.write(name, `${before}\n[warn] a line that came later\n`);
    await page.locator('.log .warn', { hasText: 'a line that came later' }).waitFor({ timeout: 10_000 });
    sample.objects.write(name, before);
  });

  test('shows load, details and report of a run', async () => {
    const page = await open(`#/runs/${SUSPECT}`, { ...WIDE, colorScheme: 'dark' });
    await page.getByRole('tab', { name: 'Load' }).click();
    await page.locator('#tab-body svg').waitFor();
    await page.screenshot({ path: image('dashboard-dark.png') });
    await page.getByRole('tab', { name: 'Details' }).click();
    await page.getByText('$10.46 at $1.26 an hour').waitFor();
    // Longer than the window: the page scrolls, and no table is squeezed.
    const cut =
      'Array.from(document.querySelectorAll(".scroll"), (each) => each.scrollHeight - each.clientHeight)';
    assert.deepEqual(await page.evaluate(cut), [0, 0]);
    await page.getByRole('tab', { name: 'Report' }).click();
    await page.frameLocator('iframe').getByText('What to change next').waitFor();
  });

  test('fits a phone: first the list, then the run', async () => {
    const page = await open('', { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
    assert.equal(await page.locator('#detail').isVisible(), false);
    await page.screenshot({ path: image('dashboard-narrow.png') });
    await page.locator('.row', { hasText: 'suspect' }).click();
    await page.getByRole('heading', { level: 1, name: /^all/ }).waitFor();
    assert.equal(await page.locator('#rows').isVisible(), false);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    await page.screenshot({ path: image('dashboard-narrow-run.png') });
    await page.getByRole('link', { name: '‹ Runs' }).click();
    await page.locator('#rows').waitFor();
  });

  test('works with the keyboard alone', async () => {
    const page = await open(`#/runs/${RUNNING}`);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.kicker', { hasText: SUSPECT }).waitFor();
    await page.keyboard.press('3');
    await page.getByText('On the command line').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('failed');
    assert.deepEqual(await page.locator('.row').count(), 1);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.row').count(), 2 + SAMPLE_RUNS.length);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('dialog').isVisible(), false);
  });

  test('starts a run with a form and shows what is wrong with it', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Run…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    await dialog.getByLabel('Target').selectOption('all');
    await dialog.getByLabel('WORKERS').fill('24');
    await page.screenshot({ path: image('dashboard-run.png') });
    sample.published.length = 0;
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    const request = await publishedBy(sample);
    const { requestId, ...wanted } = request;
    assert.deepEqual(wanted, { target: 'all', params: { WORKERS: '24' }, requestedBy: 'ada' });
    sample.objects.write(
      'rejected/1.json',
      JSON.stringify({
        faults: [{ field: 'params.WORKERS', problem: 'is too many', remedy: 'Take fewer.' }],
      }),
    );
    await dialog.getByText('params.WORKERS: is too many. Take fewer.').waitFor({ timeout: 10_000 });
    assert.match(requestId ?? '', /^[0-9a-f-]{36}$/);
  });

  test('asks before it cancels a run', async () => {
    const page = await open(`#/runs/${RUNNING}`);
    sample.published.length = 0;
    await page.getByRole('button', { name: 'Cancel…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Cancel all?' });
    await dialog.getByText('This stops its VM.').waitFor();
    await dialog.getByRole('button', { name: 'Keep running' }).click();
    assert.deepEqual(sample.published, []);
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await dialog.getByRole('button', { name: 'Cancel the run' }).click();
    const { action, runId } = await publishedBy(sample);
    assert.deepEqual({ action, runId }, { action: 'cancel', runId: RUNNING });
  });

  test('runs the same package and parameters again', async () => {
    const page = await open(`#/runs/${SUSPECT}`);
    sample.published.length = 0;
    await page.getByRole('button', { name: 'Run again…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Run again', exact: true }).click();
    const { target, params, source } = await publishedBy(sample);
    assert.deepEqual(
      { target, params },
      { target: 'all', params: { WORKERS: '12', STATES: 'massachusetts' } },
    );
    assert.match(source ?? '', /^[0-9a-f]{64}$/);
  });

  test('shows a VM that is off, and one that cannot be read', async () => {
    const { facts } = sample.instance;
    sample.instance.facts = STOPPED_VM;
    const page = await open();
    await page.locator('#machine', { hasText: 'off' }).waitFor();
    assert.match(await page.locator('#machine').innerText(), /\$17\.60 a month while off/);
    sample.instance.facts = new PermissionError('read instance: you may not.');
    await page.locator('#machine', { hasText: 'unknown' }).waitFor({ timeout: 10_000 });
    sample.instance.facts = facts;
  });

  test('stays quick with 10,000 runs', { timeout: 60_000 }, async () => {
    await using large = await sampleDashboard();
    const at = Date.parse('2026-10-20T00:00:00Z');
    const template = (await large.objects.read(`runs/${SUSPECT}/status.json`))?.text ?? '';
    for (let index = 0; index < 10_000; index += 1) {
      const id = new Date(at - index * 600_000)
        .toISOString()
        .replaceAll(/[-:]/g, '')
        .replace('T', '-')
        .slice(0, 15);
      large.objects.write(`runs/${id}-00aa/status.json`, template.replaceAll(SUSPECT, `${id}-00aa`));
    }
    const page = await openPage(WIDE);
    const started = performance.now();
    await page.goto(large.dashboard.url);
    await page.locator('.row').nth(20).waitFor();
    assert.ok(performance.now() - started < 5000, `${performance.now() - started} ms`);
    for (let rounds = 0; rounds < 6; rounds += 1) {
      await page.locator('.list').evaluate((list) => list.scrollTo(0, list.scrollHeight));
      await sleep(150);
    }
    assert.ok((await page.locator('.row').count()) > 150);
  });
});

async function publishedBy({ published }: SampleDashboard): Promise<Record<string, string>> {
  for (let tries = 0; tries < 100 && published.length === 0; tries += 1) await sleep(50);
  return JSON.parse(published[0]?.data ?? '{}');
}
