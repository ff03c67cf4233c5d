import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after } from 'node:test';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium: CHROMIUM, or the first of its names on the PATH. */
const executablePath = process.env.CHROMIUM || onPath(NAMES);

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

function onPath(names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
