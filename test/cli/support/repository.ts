import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A git work tree with these files committed, removed at the end of the scope that holds it. */
export class TestRepository implements Disposable {
  readonly directory: string;

  constructor(files: Record<string, string>) {
    this.directory = mkdtempSync(path.join(tmpdir(), 'vicinity-repository-'));
    this.git('init', '--quiet', '--initial-branch=main');
    for (const [file, content] of Object.entries(files)) this.write(file, content);
    this.commit();
  }

  write(file: string, content: string): void {
    const target = path.join(this.directory, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, content);
  }

  commit(): void {
    this.git('add', '--all');
    this.git(
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.org',
      'commit',
      '--quiet',
      '--message=test',
    );
  }

  git(...args: string[]): string {
    return execFileSync('git', ['-C', this.directory, ...args], { encoding: 'utf8' });
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
