import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type AptSettings, readAptSettings, SUITE } from './apt-settings.ts';
import { cacheDirectory, forgetUnused, noteUse } from './cache.ts';

const FILES = join(import.meta.dirname, 'nspawn-files');

/** What Google's Debian images have of what a startup script meets; make is not among it. */
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'udev',
  'iproute2',
  'curl',
  'ca-certificates',
  'procps',
  'nftables',
  'python3',
  'google-guest-agent',
];

const LAST_LINES = 10;

/**
 * The root of a Debian machine with Google's guest agent: built once from the apt sources of this computer, and kept under the hash of
 * its recipe. Calls `progress` with the steps of a build.
 */
export async function readyImage(progress: (text: string) => void): Promise<string> {
  const settings = await readAptSettings();
  const recipe = recipeOf(settings);
  const folder = join(cacheDirectory(), 'images');
  const image = join(folder, `debian-${SUITE}-${hashOf(recipe)}`);
  if (!existsSync(image)) {
    mkdirSync(folder, { recursive: true });
    progress('Building the image of the VM, once: a minute or two.');
    await build(image, recipe, settings, progress);
  }
  await noteUse(image);
  await forgetUnused(folder);
  return image;
}

interface Recipe {
  suite: string;
  packages: string[];
  sources: string[];
  checks: string[];
  files: Record<string, string>;
}

function recipeOf({ sources, checks }: AptSettings): Recipe {
  return { suite: SUITE, packages: PACKAGES, sources, checks, files: textFiles(join(FILES, 'image')) };
}

function hashOf(recipe: Recipe): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}

function textFiles(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    paths.sort().map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  );
}

/** Runs mmdebstrap in a mount namespace of its own, so that it leaves no mounts however it ends. */
async function build(
  image: string,
  { suite, packages, sources, checks }: Recipe,
  { proxies }: AptSettings,
  progress: (text: string) => void,
): Promise<void> {
  const options = [
    `--include=${packages.join(',')}`,
    ...[...checks, ...proxies].map((setting) => `--aptopt=${setting}`),
    '--dpkgopt=path-exclude=/usr/share/doc/*',
    `--customize-hook=bash '${join(FILES, 'image/customize.sh')}' "$1"`,
    ...(checks.length > 0
      ? [`--customize-hook=echo '${checks.join('\n')}' >"$1/etc/apt/apt.conf.d/90image"`]
      : []),
    suite,
  ];
  const command = ['bash', join(FILES, 'build-image.sh'), image, ...options];
  const child = spawn('unshare', ['--mount', '--propagation', 'private', '--', ...command], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  child.stdin.end(sources.map((source) => `${source}\n`).join(''));
  const said: string[] = [];
  for await (const line of createInterface(child.stderr)) {
    said.push(line);
    if (line.startsWith('I: ')) progress(line.slice(3));
  }
  const [status] = await exited;
  if (status !== 0)
    throw new Error(
      `The VM's image cannot be built: mmdebstrap ended with exit status ${status}. ` +
        `Are Debian's packages within reach of apt here?\n${said.slice(-LAST_LINES).join('\n')}`,
    );
}
