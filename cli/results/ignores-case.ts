import { mkdtemp, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Whether names that differ only in case are one file in the folder, as on the usual disks of macOS and Windows. */
export async function ignoresCase(folder: string): Promise<boolean> {
  const probe = await mkdtemp(path.join(folder, '.vicinity-case-'));
  try {
    return await stat(path.join(folder, path.basename(probe).toUpperCase())).then(
      () => true,
      () => false,
    );
  } finally {
    await rm(probe, { recursive: true });
  }
}
