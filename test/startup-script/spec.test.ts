import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RESERVED_PARAMS } from '../../shared/config/names.ts';
import { OWN_RESULTS } from '../../shared/model/layout.ts';
import { runTool, TOOLS } from './fixture/tool.ts';

const SHA256 = 'a'.repeat(64);
const SPEC = {
  version: 1,
  runId: '20261124-030643-1a2b',
  attempt: 1,
  params: { STATES: 'massachusetts,new york', WORKERS: '7' },
  outputs: ['data/d_anchor_category', 'tiles'],
  provision: {
    apt: ['osmium-tool', 'g++'],
    pythonRequirements: 'requirements.txt',
    rust: '1.90.0',
    native: 'native',
  },
  source: { sha256: SHA256 },
  finishedTopic: 'projects/vicinity-local/topics/vicinity-run-finished',
  maxSeconds: 72000,
};

const METADATA = {
  RUN_ID: '20261124-030643-1a2b',
  ATTEMPT: '1',
  BUCKET: 'vicinity-local',
  SRC_TARBALL: `gs://vicinity-local/src/${SHA256}.tar.gz`,
  RESULTS_PREFIX: 'gs://vicinity-local/results/20261124-030643-1a2b',
  TARGET: 'd_anchor_category',
  WORKERS: '',
};

function check(metadata: Record<string, string>, spec: object | string) {
  const text = typeof spec === 'string' ? spec : JSON.stringify({ ...SPEC, ...spec });
  return runTool('spec', [], { ...METADATA, ...metadata, RUN_SPEC: text });
}

test('metadata becomes NUL-separated fields, defaults included', async () => {
  const { status, stdout, stderr } = await check({}, {});
  assert.deepEqual([status, stderr], [0, '']);
  const flat = stdout.split('\0').slice(0, -1);
  const pairs = flat.flatMap((name, index) => (index % 2 === 0 ? [`${name}=${flat[index + 1]}`] : []));
  assert.deepEqual(pairs, [
    'TARGET=d_anchor_category',
    'THREADS=1',
    'WORKERS=',
    'TELEMETRY_INTERVAL=5',
    `SOURCE_SHA256=${SHA256}`,
    'FINISHED_TOPIC=projects/vicinity-local/topics/vicinity-run-finished',
    'MAX_SECONDS=72000',
    'HEARTBEAT_SECONDS=60',
    'LOG_SECONDS=5',
    'REQUIREMENTS=requirements.txt',
    'RUST=1.90.0',
    'RUSTUP_VERSION=',
    'RUSTUP_SHA256=',
    'SCRIPT=',
    'RUN_AS=user',
    'NATIVE=native',
    'PROGRESS=',
    'CHECKPOINT_SECONDS=900',
    'APT=osmium-tool',
    'APT=g++',
    'OUTPUT=data/d_anchor_category',
    'OUTPUT=tiles',
    'PARAM=STATES=massachusetts,new york',
    'WORKERS=7',
  ]);
});

test('an output may have letters of any language in its name, and spaces', async () => {
  const { status, stdout, stderr } = await check({}, { outputs: ['données/東京 é'] });
  assert.deepEqual([status, stderr], [0, '']);
  assert.ok(stdout.includes('OUTPUT\0données/東京 é\0'), stdout);
});

const FILE = { url: 'https://example.com/x.zip', sha256: 'a'.repeat(64), programs: ['bin/x', 'y'] };

test('a download is its hash, its URL and its programs', async () => {
  const { status, stdout, stderr } = await check(
    {},
    { provision: { files: [FILE], script: 'scripts/provision.sh' } },
  );
  assert.deepEqual([status, stderr], [0, '']);
  assert.ok(stdout.includes(`FILE\0${'a'.repeat(64)} https://example.com/x.zip bin/x y\0`), stdout);
  assert.ok(stdout.includes('SCRIPT\0scripts/provision.sh\0'), stdout);
});

test('the VM refuses the same names of outputs as vicinity.yaml', () => {
  const source = readFileSync(`${TOOLS}names.py`, 'utf8');
  const [, list = ''] = /^RESERVED = \{([^}]*)\}/m.exec(source) ?? [];
  const names = [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  assert.deepEqual(names.toSorted(), [...OWN_RESULTS].toSorted());
});

const REFUSED: [string, Record<string, string>, object | string, string][] = [
  ['a second command in TARGET', { TARGET: 'all; reboot' }, {}, "TARGET is not allowed: 'all; reboot'"],
  [
    'an option as TARGET',
    { TARGET: '--eval=$(shell id)' },
    {},
    "TARGET is not allowed: '--eval=$(shell id)'",
  ],
  ['an assignment as TARGET', { TARGET: 'SHELL=/tmp/x' }, {}, "TARGET is not allowed: 'SHELL=/tmp/x'"],
  ['a line break in TARGET', { TARGET: 'all\nall' }, {}, "TARGET is not allowed: 'all\\nall'"],
  ['no TARGET', { TARGET: '' }, {}, "TARGET is not allowed: ''"],
  ['WORKERS that is no number', { WORKERS: '3 all' }, {}, "WORKERS is not allowed: '3 all'"],
  ['make’s expansion', {}, { params: { A: '$(shell id)' } }, "parameter A is not allowed: '$(shell id)'"],
  ['a command substitution', {}, { params: { A: '`id`' } }, "parameter A is not allowed: '`id`'"],
  ['a control character', {}, { params: { A: 'x\ny' } }, "parameter A is not allowed: 'x\\ny'"],
  ['a quote', {}, { params: { A: "it's" } }, 'parameter A is not allowed: "it\'s"'],
  ['a value that is no text', {}, { params: { A: ['x'] } }, 'parameter A is not allowed: "[\'x\']"'],
  ['a name that is none', {}, { params: { 'A B': 'x' } }, "the name of a parameter is not allowed: 'A B'"],
  [
    'a variable of make',
    {},
    { params: { SHELL: 'x' } },
    'SHELL is no parameter: it would change how make itself runs',
  ],
  ['an output above', {}, { outputs: ['../x'] }, "OUTPUT is not allowed: '../x'"],
  ['a shell’s character in an output', {}, { outputs: ['a$b'] }, "OUTPUT is not allowed: 'a$b'"],
  ['a space that is none of ASCII', {}, { outputs: ['a\u00a0b'] }, "OUTPUT is not allowed: 'a\\xa0b'"],
  ['an absolute output', {}, { outputs: ['/etc'] }, "OUTPUT is not allowed: '/etc'"],
  ['outputs that are no list', {}, { outputs: 'x' }, "RUN_SPEC.outputs is not a list: 'x'"],
  ['an option as a package', {}, { provision: { apt: ['-oX=y'] } }, "APT is not allowed: '-oX=y'"],
  [
    'a download without https',
    {},
    { provision: { files: [{ ...FILE, url: 'http://example.com/x' }] } },
    "provision.files.url is not allowed: 'http://example.com/x'",
  ],
  [
    'a program above its archive',
    {},
    { provision: { files: [{ ...FILE, programs: ['../x'] }] } },
    "provision.files.programs is not allowed: '../x'",
  ],
  [
    'a download without programs',
    {},
    { provision: { files: [{ ...FILE, programs: [] }] } },
    "provision.files names no programs of 'https://example.com/x.zip'",
  ],
  ['a script outside the tree', {}, { provision: { script: '/x' } }, "SCRIPT is not allowed: '/x'"],
  ['another version', {}, { version: 2 }, 'RUN_SPEC.version is 2 but must be 1'],
  ['another run', {}, { runId: 'x' }, "RUN_SPEC.runId is 'x' but must be '20261124-030643-1a2b'"],
  [
    'results elsewhere',
    { RESULTS_PREFIX: 'gs://vicinity-local/results/other' },
    {},
    "RESULTS_PREFIX is 'gs://vicinity-local/results/other' but must be 'gs://vicinity-local/results/20261124-030643-1a2b'",
  ],
];

for (const [what, metadata, spec, message] of REFUSED) {
  test(`refused: ${what}`, async () => {
    assert.deepEqual(await check(metadata, spec), { status: 2, stdout: '', stderr: `${message}\n` });
  });
}

test('the VM refuses the same names of parameters as vicinity.yaml', async () => {
  const source = readFileSync(`${TOOLS}spec.py`, 'utf8');
  const [, list = ''] = /^RESERVED = \{([^}]*)\}/m.exec(source) ?? [];
  const names = [...list.matchAll(/"(\w+)"/g)].map(([, name = '']) => name);
  assert.deepEqual(names.toSorted(), [...RESERVED_PARAMS].toSorted());
});

test('all problems are reported at once', async () => {
  const { stderr } = await check({ TARGET: 'a b', WORKERS: '-1' }, 'no JSON');
  const [target, workers, spec] = stderr.split('\n');
  assert.equal(target, "TARGET is not allowed: 'a b'");
  assert.equal(workers, "WORKERS is not allowed: '-1'");
  assert.equal(spec, "RUN_SPEC is not a JSON object: 'no JSON'");
});
