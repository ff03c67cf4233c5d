import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { BUCKET } from '../../test/startup-script/fixture/cloud.ts';
import { type Machine, startMachine } from '../../test/startup-script/fixture/machine.ts';

/** Seconds that packages and the toolchain are made to take: of a real boot's minutes, to a scale of about 1:20. */
const APT_UPDATE = 1;
const APT_INSTALL = 5;
const RUST = 4;

export interface BootReport {
  /** Seconds of a boot beyond make: of the old script's steps, and of this one on a new and on a used disk. */
  old: number;
  cold: number;
  warm: number;
  /** Seconds of this script with nothing to install: what it costs by itself. */
  bare: number;
}

const PROVISION = { apt: ['osmium-tool'], pythonRequirements: 'requirements.txt', rust: '1.90.0' };

/** The real script in process mode; packages and toolchain only take their time, the Python environment and pip are real. */
export async function benchBoot(): Promise<BootReport> {
  const ends: (() => Promise<void>)[] = [];
  try {
    const machine = await startMachine({ after: (end) => void ends.push(end) });
    slowSteps(machine);
    const files = { Makefile: 'all: ; @true\n', 'requirements.txt': requirements(machine.directory) };
    const boot = (attempt: number, provision: object) => overhead(machine, files, attempt, provision);
    const cold = await boot(1, PROVISION);
    const warm = await boot(2, PROVISION);
    const bare = await boot(3, { apt: [] });
    return { old: await oldSteps(machine), cold, warm, bare };
  } finally {
    for (const end of ends) await end();
  }
}

function slowSteps(machine: Machine): void {
  const toolchain = join(machine.directory, 'toolchain');
  machine.shim('apt-get', `case $1 in update) sleep ${APT_UPDATE} ;; install) sleep ${APT_INSTALL} ;; esac`);
  machine.shim('rustc', `[[ -e ${toolchain} ]] && echo "rustc 1.90.0 (x)"`);
  machine.shim('rustup', `sleep ${RUST}; touch ${toolchain}`);
}

/** Seconds from the start of the script to its end. make itself takes none. */
async function overhead(
  machine: Machine,
  files: Record<string, string>,
  attempt: number,
  provision: object,
): Promise<number> {
  const spec = { provision, outputs: [], attempt };
  await machine.submit(files, { metadata: { ATTEMPT: String(attempt) }, spec });
  const begun = performance.now();
  const { status, console } = await machine.boot();
  if (status !== 0) throw new Error(console);
  return (performance.now() - begun) / 1000;
}

/** What the script before this one did, at every boot anew: packages first, then the toolchain beside source and pip. */
async function oldSteps({ directory, cloud }: Machine): Promise<number> {
  const storage = cloud.environment.STORAGE_EMULATOR_HOST;
  const source = cloud.attributes.SRC_TARBALL?.replace(`gs://${BUCKET}/`, '') ?? '';
  const steps = `set -e; cd '${directory}'; mkdir old; cd old
apt-get update
apt-get install base-packages
sleep ${RUST} & rust=$!
curl -sf '${storage}/storage/v1/b/${BUCKET}/o/${encodeURIComponent(source)}?alt=media' -o source.tar.gz
tar xzf source.tar.gz
python3 -m venv .venv
.venv/bin/python -m pip install -r requirements.txt
wait $rust
make all >build.log
curl -sf -X POST --data-binary @build.log '${storage}/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=old.log'`;
  const begun = performance.now();
  const env = { PATH: `${join(directory, 'bin')}:${process.env.PATH}`, HOME: directory };
  const child = spawn('bash', ['-c', steps], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`The old steps ended with ${code}.`);
  return (performance.now() - begun) / 1000;
}

/** Of a package that pip installs without the network. */
function requirements(folder: string): string {
  const code = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/tiny-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tiny.py", "")
    wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
    wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\\n")
`;
  if (spawnSync('python3', ['-c', code, folder]).status !== 0) throw new Error('The wheel cannot be packed.');
  return `--no-index\n--find-links ${folder}\ntiny==1.0\n`;
}
