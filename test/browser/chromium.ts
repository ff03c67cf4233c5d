import { after } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findProgram } from '../../local/vm/search-path.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium: CHROMIUM, or the first of its names on the PATH. */
const executablePath =
  process.env.CHROMIUM || NAMES.map((name) => findProgram(name, process.env.PATH ?? '')).find(Boolean);

/** Why a test that needs a browser is skipped; false where there is one. */
export const withoutChromium = executablePath
  ? false
  : 'There is no Chromium on the PATH; CHROMIUM may name one.';

let browser: Promise<Browser> | undefined;

/** A page of its own in a browser that all tests of a file share. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  browser ??= chromium.launch({
    ...(executablePath && { executablePath }),
    // A container has no user namespaces for the sandbox; the tests open pages of their own only.
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });
  const context = await (await browser).newContext(options);
  return context.newPage();
}

after(async () => (await browser)?.close());
