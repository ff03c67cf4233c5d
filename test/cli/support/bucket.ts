import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { CloudClock } from '../../../local/core/clock.ts';
import { Faults } from '../../../local/core/faults.ts';
import { listen } from '../../../local/http/service.ts';
import { createStorage } from '../../../local/storage/storage.ts';
import { storageFiles } from '../../../shared/google/storage-files.ts';
import type { FileStore } from '../../../shared/ports/files.ts';

export interface TestBucket {
  objects: FileStore;
  faults: Faults;
  /** Calls of the wire by operation. */
  calls: string[];
  /** Work to be done before the bucket goes. */
  beforeClose: (() => Promise<void>)[];
}

/** The local cloud's Storage with an empty bucket `vicinity-local`, to which this process' clients are pointed until the file's tests are over. */
export async function startBucket(): Promise<TestBucket> {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'vicinity-storage-'));
  const clock = new CloudClock();
  const faults = new Faults();
  const calls: string[] = [];
  const context = { clock, faults, onCall: (operation: string) => void calls.push(operation) };
  const storage = createStorage({ stateDir, project: 'vicinity-local', context });
  const port = await listen(storage.server, 0);
  storage.ensureBucket('vicinity-local');
  process.env.STORAGE_EMULATOR_HOST = `http://127.0.0.1:${port}`;
  const beforeClose: TestBucket['beforeClose'] = [];
  after(async () => {
    for (const close of beforeClose) await close();
    storage.server.closeAllConnections();
    storage.server.close();
    clock.close();
    rmSync(stateDir, { recursive: true, force: true });
  });
  return { objects: storageFiles('vicinity-local', 'vicinity-local'), faults, calls, beforeClose };
}
