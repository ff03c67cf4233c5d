import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { onlyWithNspawn, startMachine } from './fixture/machine.ts';

const CARGO_TOML = `[package]
name = "heavy"
version = "0.1.0"
edition = "2021"
[lib]
crate-type = ["cdylib"]
[dependencies]
pyo3 = { version = "0.25", features = ["extension-module"] }
[profile.dev]
debug = false
`;
const LIB_RS = `use pyo3::prelude::*;

#[pyfunction]
fn sum(values: Vec<f64>) -> f64 {
    values.iter().sum()
}

#[pymodule]
fn heavy(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(sum, module)?)
}
`;
const MAKEFILE = `all:
	@mkdir -p out
	@.venv/bin/python -c 'import heavy, six; print(heavy.sum([1.5, 2.5]), six.__name__)' | tee out/x
native:
	maturin build --manifest-path heavy/Cargo.toml --out dist
	pip install --no-deps dist/*.whl
`;

interface Rust {
  version: string;
  toolchain: string;
  /** Hosts of the registry that crates come from. */
  hosts: string[];
}

/** This computer's toolchain and the registry that it uses; a text says why there is none. */
function rust(): Rust | string {
  const toolchain = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' }).stdout?.trim();
  if (!toolchain) return 'there is no Rust toolchain on this computer';
  const version = spawnSync('rustc', ['--version'], { encoding: 'utf8' }).stdout.split(' ')[1] ?? '';
  const directory = mkdtempSync(join(tmpdir(), 'vicinity-cargo-'));
  try {
    writeFileSync(join(directory, 'Cargo.toml'), CARGO_TOML.replace('[lib]', '[lib]\npath = "lib.rs"'));
    writeFileSync(join(directory, 'lib.rs'), '');
    const manifest = ['--manifest-path', join(directory, 'Cargo.toml')];
    const env = { ...process.env, CARGO_HOME: directory };
    const fetched = spawnSync('cargo', ['generate-lockfile', ...manifest], {
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    if (fetched.status !== 0) return `cargo reaches no registry: ${fetched.stderr}`;
    return { version, toolchain, hosts: registryHosts(join(directory, 'registry/index')) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** An index's folder is named HOST-HASH, and its config.json says where the crates are. */
function registryHosts(indexes: string): string[] {
  return readdirSync(indexes).flatMap((name) => {
    const { dl } = JSON.parse(readFileSync(join(indexes, name, 'config.json'), 'utf8')) as { dl: string };
    return [name.replace(/-[0-9a-f]+$/, ''), new URL(dl).hostname];
  });
}

const FIXTURE = join(import.meta.dirname, '../fixtures/town-scores');

/** The folder's files by their paths. */
function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const found = onlyWithNspawn.skip ? 'nspawn mode cannot run here' : rust();
const skip = typeof found === 'string' && `skipped, because ${found}`;

describe('a native part', { skip }, () => {
  test('in Rust is built by maturin with crates and wheels from their registries, into the job’s environment', async (t) => {
    if (typeof found === 'string') return;
    process.env.VICINITY_VM_ALLOW = found.hosts.join(',');
    const machine = await startMachine(t, { shared: [`${found.toolchain}:/opt/rust`] });
    // As on a baked image: the toolchain is there, and is not fetched.
    await machine.prepare('ln -s /opt/rust/bin/* /usr/local/bin/');
    const files = {
      Makefile: MAKEFILE,
      'heavy/Cargo.toml': CARGO_TOML,
      'heavy/src/lib.rs': LIB_RS,
      'requirements.txt': 'maturin==1.9.4\nsix==1.17.0\n',
    };
    const provision = {
      apt: ['make', 'gcc', 'libc6-dev', 'python3-venv'],
      pythonRequirements: 'requirements.txt',
      rust: found.version,
      native: 'native',
    };
    await machine.submit(files, { spec: { provision } });
    const { by, console } = await machine.boot();
    const outcome = await machine.outcome();
    assert.deepEqual(
      [by, outcome?.outcome],
      ['guest', 'succeeded'],
      console + (await machine.result('startup_detail.log')),
    );
    assert.equal(await machine.result('out/x'), '4.0 six\n');
    assert.deepEqual(
      outcome?.phases.map(({ name }) => name),
      ['boot', 'claim', 'source', 'apt', 'rust', 'python', 'native', 'make', 'upload'],
    );
  });

  test('of a nested make, in a pipeline that nobody here set up, is built on the machine', async (t) => {
    if (typeof found === 'string') return;
    const machine = await startMachine(t, { shared: [`${found.toolchain}:/opt/rust`] });
    await machine.prepare('ln -s /opt/rust/bin/* /usr/local/bin/');
    const provision = { apt: ['make', 'python3', 'python3-venv', 'build-essential'], rust: found.version };
    const files = { ...filesBelow(FIXTURE), 'data/raw/towns.csv': 'town,state,x,y\nAcadia,maine,3,4\n' };
    await machine.submit(files, { spec: { provision, outputs: ['data/scores'] } });
    const { console } = await machine.boot();
    assert.equal((await machine.outcome())?.outcome, 'succeeded', console);
    assert.equal(await machine.result('data/scores/report.md'), '# Towns\n\n1 towns, at most 5.0 km.\n');
  });
});
