import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../docs/markdown.ts';

/**
 * Folder of the screenshots: docs/images where VICINITY_UPDATE_IMAGES is set, else a temporary one, so that a test leaves the
 * repository alone.
 */
const IMAGES = process.env.VICINITY_UPDATE_IMAGES
  ? join(ROOT, 'docs/images')
  : mkdtempSync(join(tmpdir(), 'vicinity-images-'));

export const image = (name: string) => join(IMAGES, name);
