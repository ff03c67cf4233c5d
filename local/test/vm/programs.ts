import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A folder with this computer's programs, but for some: the search path of a computer that lacks them. */
export class Programs implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'gcp-local-programs-'));

  without(...names: string[]): string {
    const found = new Map<string, string>();
    for (const folder of (process.env.PATH ?? '').split(delimiter).toReversed())
      for (const name of list(folder)) found.set(name, join(folder, name));
    for (const [name, file] of found) if (!names.includes(name)) symlinkSync(file, join(this.folder, name));
    return this.folder;
  }

  add(name: string, script: string): void {
    const file = join(this.folder, name);
    rmSync(file, { force: true });
    writeFileSync(file, script, { mode: 0o755 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.folder, { recursive: true });
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
