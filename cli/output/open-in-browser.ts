import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Opens a file or an address in the default browser; false where that fails. */
export async function openInBrowser(target: string): Promise<boolean> {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', target]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', target]
        : ['xdg-open', target];
  const child = spawn(program ?? '', args, { stdio: 'ignore', detached: true });
  try {
    await once(child, 'spawn');
    child.unref();
    return true;
  } catch {
    return false;
  }
}
