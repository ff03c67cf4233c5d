import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportPage } from '../../shared/report/report-page.ts';
import { NOW, sampleReport } from '../shared/report/sample-report.ts';
import { openPage, withoutChromium } from './chromium.ts';
import { image } from './images.ts';

const skip = withoutChromium;

async function openReport(index: number, options: Parameters<typeof openPage>[0]) {
  const page = await openPage(options);
  await page.setContent(reportPage(await sampleReport(index), NOW));
  return page;
}

test('the report on a wide screen, light and dark', { skip }, async () => {
  const viewport = { width: 1100, height: 1000 };
  const light = await openReport(0, { viewport });
  await light.screenshot({ path: image('report.png') });
  assert.equal(await light.locator('.wide svg').isVisible(), true);
  assert.equal(await light.locator('.narrow svg').isVisible(), false);
  const dark = await openReport(3, { viewport, colorScheme: 'dark' });
  await dark.screenshot({ path: image('report-dark.png') });
  const colours = (page: typeof dark) => page.evaluate('getComputedStyle(document.body).backgroundColor');
  assert.equal(await light.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(246, 247, 249)');
  assert.equal(await colours(dark), 'rgb(18, 22, 28)');
  const filled = 'getComputedStyle(document.querySelector(\'.wide svg [fill="var(--user)"]\')).fill';
  assert.equal(await dark.evaluate(filled), 'rgb(91, 147, 245)');
});

test('on a phone it has a drawing of its own, and nothing reaches beyond the screen', { skip }, async () => {
  const page = await openReport(0, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
  await page.screenshot({ path: image('report-narrow.png') });
  assert.equal(await page.locator('.narrow svg').isVisible(), true);
  assert.equal(await page.locator('.wide svg').isVisible(), false);
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
});

test('whoever cannot see it is told the same: the chart in words, headings, tables with headers', {
  skip,
}, async () => {
  const page = await openReport(0, {});
  const chart = page.getByRole('img', { name: /In phase make the processors were 68 % busy/ });
  assert.equal(await chart.count(), 1);
  const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
  assert.deepEqual(headings, [
    'What to change next',
    'Processors and memory',
    'Phases and cost',
    'Outputs',
    'Warnings and errors',
    'Earlier runs of all',
    'Details',
  ]);
  assert.equal(await page.getByRole('rowheader', { name: 'make' }).count(), 1);
});
