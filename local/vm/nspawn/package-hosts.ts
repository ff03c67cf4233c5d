import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './host.ts';

/** The hosts from which machines fetch packages: those of the image's apt, and those that pip uses on this computer. */
export async function packageHosts(image: string): Promise<string[]> {
  return [...(await aptHosts(image)), ...(await pipHosts())].filter((name) => name !== '');
}

async function aptHosts(image: string): Promise<string[]> {
  const sources = await readFile(join(image, 'etc/apt/sources.list'), 'utf8');
  return sources.split(/\s+/).flatMap((word) => URL.parse(word)?.hostname ?? []);
}

/** pip itself knows its index, and the host that the index's files are on. */
const PIP_HOSTS = `
from urllib.parse import urlsplit
from pip._internal.commands import create_command
from pip._internal.models.index import PyPI
options, _ = create_command("download").parse_args([])
print(urlsplit(options.index_url).hostname, PyPI.netloc, PyPI.file_storage_domain)
`;

/** None where there is no pip. */
async function pipHosts(): Promise<string[]> {
  const printed = await run('python3', ['-c', PIP_HOSTS]).catch(() => '');
  return printed.trim().split(/\s+/);
}
