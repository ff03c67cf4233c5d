import { readAptSettings } from './apt-settings.ts';
import { run } from './host.ts';

/**
 * The hosts from which machines may fetch packages: those that apt and pip use on this computer, and those of
 * VICINITY_VM_ALLOW (names with commas between).
 */
export async function packageHosts(env = process.env): Promise<Set<string>> {
  const more = (env.VICINITY_VM_ALLOW ?? '').split(',').map((name) => name.trim());
  return new Set([...(await aptHosts()), ...(await pipHosts()), ...more].filter((name) => name !== ''));
}

async function aptHosts(): Promise<string[]> {
  const { sources } = await readAptSettings();
  return sources.flatMap((source) => URL.parse(source.split(' ')[1] ?? '')?.hostname ?? []);
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
