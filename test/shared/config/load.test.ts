import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../../shared/config/load.ts';
import { describeIssue, InvalidError } from '../../../shared/errors.ts';
import { OWN_RESULTS } from '../../../shared/model/layout.ts';

function issuesOf(text: string): string[] {
  try {
    loadConfig({ text, env: {} });
    return [];
  } catch (error) {
    assert.ok(error instanceof InvalidError);
    return error.issues.map(describeIssue);
  }
}

test("no file at all: the vicinity pipeline's own names", () => {
  const config = loadConfig({ env: {} });
  assert.equal(config.defaultTarget, 'd_anchor_category');
  assert.deepEqual(config.targets.all?.outputs, [
    'data/anchors',
    'data/minutes',
    'tiles',
    'data/d_anchor_category',
    'data/d_anchor_brand',
  ]);
});

test('a byte order mark is taken, and another encoding is named', () => {
  const text = 'defaultTarget: build\ntargets:\n  build: {}\n';
  assert.equal(loadConfig({ text: `\ufeff${text}`, env: {} }).defaultTarget, 'build');
  const fault = 'vicinity.yaml: is not UTF-8 text. Save it as UTF-8; Windows editors may have chosen UTF-16.';
  for (const bytes of [
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    Buffer.from(text, 'utf16le'),
    Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  ])
    assert.deepEqual(issuesOf(bytes.toString('utf8')), [fault]);
});

test('flag before environment before file before default', () => {
  const text = 'project: from-file\nzone: europe-west4-a\nbucket: from-file\n';
  const env = { VICINITY_PROJECT: 'from-environment', VICINITY_BUCKET: 'from-environment' };
  const { project, zone, bucket, instance } = loadConfig({ text, env, flags: { bucket: 'from-flag' } });
  assert.deepEqual(
    { project, zone, bucket, instance },
    { project: 'from-environment', zone: 'europe-west4-a', bucket: 'from-flag', instance: 'vicinity-batch' },
  );
});

test('every fault at once, with its line and a remedy', () => {
  const text = [
    'project: my-project',
    'zoen: us-east4-c',
    'defaultTarget: build',
    'targets:',
    '  all:',
    '    outputs: [../up]',
    '    maxDuration: soon',
  ].join('\n');
  assert.deepEqual(issuesOf(text), [
    'vicinity.yaml:2 zoen: is not a setting. Did you mean zone?',
    'vicinity.yaml:3 defaultTarget: is build, but must be one of the targets (all). See docs/reference/configuration.md.',
    'vicinity.yaml:6 targets.all.outputs.0: must be a path below the repository: relative, without .., of letters, digits, spaces and _ @ + , = . / -. See docs/reference/configuration.md.',
    'vicinity.yaml:7 targets.all.maxDuration: must be a duration such as 90m or 20h, between 30s and 120d. See docs/reference/configuration.md.',
  ]);
  assert.deepEqual(issuesOf('defaultTarget: build\n'), [
    'vicinity.yaml:1 defaultTarget: is build, but must be one of the targets (d_anchor_category, all). See docs/reference/configuration.md.',
  ]);
});

test('a path may have letters of any language in its name, and spaces', () => {
  const { targets } = loadConfig({
    text: 'targets: { all: { outputs: [données/東京 é] } }\ndefaultTarget: all',
    env: {},
  });
  assert.deepEqual(targets.all?.outputs, ['données/東京 é']);
  assert.equal(issuesOf('source: { inputs: ["a\u2028b"] }').length, 1);
  assert.equal(issuesOf('source: { inputs: ["a$b"] }').length, 1);
});

test('a value of the wrong kind hides no other fault', () => {
  const text = [
    'defaultTarget: build',
    'targets: { all: { maxDuration: 5 } }',
    'params: { STATES: {}, PATH: { pattern: x }, THREADS: 5, WORKERS: { pattern: ".*" } }',
    'schedules: { weekly: { cron: "0 3 * * 1", target: other }, odd: 7 }',
    'machineTypes: []',
    'limits: { maxQueue: -1, maxAge: soon }',
    'slack: no',
  ].join('\n');
  const see = 'See docs/reference/configuration.md.';
  assert.deepEqual(issuesOf(text), [
    `vicinity.yaml:1 defaultTarget: is build, but must be one of the targets (all). ${see}`,
    `vicinity.yaml:2 targets.all.maxDuration: must be text, not 5. ${see}`,
    `vicinity.yaml:3 params.STATES.pattern: is missing. ${see}`,
    `vicinity.yaml:3 params.THREADS: must be a map of names to values, not 5. ${see}`,
    `vicinity.yaml:3 params.PATH: is no parameter: it would change how make itself runs. ${see}`,
    `vicinity.yaml:3 params.WORKERS.pattern: must match whole numbers from 1 alone, and matches "". ${see}`,
    `vicinity.yaml:4 schedules.odd: must be a map of names to values, not 7. ${see}`,
    `vicinity.yaml:4 schedules.weekly.target: is other, but must be one of the targets (all). ${see}`,
    `vicinity.yaml:5 machineTypes: must have at least 1 entry. ${see}`,
    `vicinity.yaml:6 limits.maxQueue: must be at least 0. ${see}`,
    `vicinity.yaml:6 limits.maxAge: must be a duration such as 90m or 20h, between 1m and 14d. ${see}`,
    `vicinity.yaml:7 slack: must be a map of names to values, not text. ${see}`,
  ]);
});

test('what is no YAML names the line', () => {
  assert.match(
    issuesOf('a: 1\nb: [1,\n').join(),
    /^vicinity\.yaml:\d is not YAML|^vicinity\.yaml:\d: is not YAML/,
  );
  assert.equal(issuesOf('just text').length, 1);
});

test('only what Cloud Scheduler documents is accepted as cron and time zone', () => {
  const text = [
    'defaultTarget: all',
    'targets: { all: { outputs: [data] } }',
    'schedules:',
    '  a: { cron: "0 3 L * *" }',
    '  b: { cron: "0 3 15W * *" }',
    '  c: { cron: "0 3 * * 5L" }',
    '  d: { cron: "0 3 * * *", timeZone: "+05:30" }',
  ].join('\n');
  assert.deepEqual(
    issuesOf(text).map((fault) => fault.slice(0, fault.indexOf(':', 18))),
    [
      'vicinity.yaml:4 schedules.a.cron',
      'vicinity.yaml:5 schedules.b.cron',
      'vicinity.yaml:6 schedules.c.cron',
      'vicinity.yaml:7 schedules.d.timeZone',
    ],
  );
});

test('a schedule has a cron that comes true, a time zone and a configured target', () => {
  const text = [
    'schedules:',
    '  weekly: { cron: "0 3 * * 1", timeZone: Europe/Paris, target: all }',
    '  broken: { cron: "@weekly", timeZone: Mars/Base }',
    '  other: { cron: "0 3 31 2 *", onBsy: skip }',
  ].join('\n');
  assert.deepEqual(issuesOf(text), [
    'vicinity.yaml:3 schedules.broken.cron: must be unix cron of five fields, such as "0 3 * * 1". See docs/reference/configuration.md.',
    'vicinity.yaml:3 schedules.broken.timeZone: must be a time zone of the tz database, such as Europe/Paris. See docs/reference/configuration.md.',
    'vicinity.yaml:4 schedules.other.cron: never comes true. See docs/reference/configuration.md.',
    'vicinity.yaml:4 schedules.other.onBsy: is not a setting. Did you mean onBusy?',
  ]);
  assert.deepEqual(
    issuesOf(
      'schedules: { retire: { cron: "0 3 * * *" }, Odd: { cron: "0 3 * * *" }, retire-2: { cron: "0 3 * * *" } }',
    ),
    [
      "vicinity.yaml:1 schedules.retire: must be a lower-case name such as weekly; sweep and retire are the system's own. See docs/reference/configuration.md.",
      "vicinity.yaml:1 schedules.Odd: must be a lower-case name such as weekly; sweep and retire are the system's own. See docs/reference/configuration.md.",
    ],
  );
  assert.deepEqual(issuesOf('schedules: { weekly: { cron: "0 3 * * 1", target: nonsense } }'), [
    'vicinity.yaml:1 schedules.weekly.target: is nonsense, but must be one of the targets (d_anchor_category, all). See docs/reference/configuration.md.',
  ]);
});

test('parameters that the VM would refuse are refused here', () => {
  const text = [
    'params:',
    '  PATH: { pattern: x }',
    '  RUN_ID: { pattern: x }',
    '  WORKERS: { pattern: "\\\\d+" }',
    '  THREADS: { pattern: "[1-9]", default: "0" }',
    'targets:',
    '  d_anchor_category:',
    '    params:',
    '      MAKEFLAGS: { pattern: x }',
  ].join('\n');
  assert.deepEqual(issuesOf(text), [
    'vicinity.yaml:2 params.PATH: is no parameter: it would change how make itself runs. See docs/reference/configuration.md.',
    'vicinity.yaml:3 params.RUN_ID: is no parameter: it would change how make itself runs. See docs/reference/configuration.md.',
    'vicinity.yaml:4 params.WORKERS.pattern: must match whole numbers from 1 alone, and matches "0". See docs/reference/configuration.md.',
    'vicinity.yaml:5 params.THREADS.default: must be a number from 1 to 99999. See docs/reference/configuration.md.',
    'vicinity.yaml:9 targets.d_anchor_category.params.MAKEFLAGS: is no parameter: it would change how make itself runs. See docs/reference/configuration.md.',
  ]);
  assert.deepEqual(issuesOf('params: { states: { pattern: x } }'), [
    'vicinity.yaml:1 params.states: must be an upper-case make variable name such as STATES. See docs/reference/configuration.md.',
  ]);
});

test('an output may not have the name of one of our own objects in results/<runId>/', () => {
  for (const name of OWN_RESULTS)
    for (const output of [name, `./${name}`, `${name}/below`]) {
      const text = JSON.stringify({ targets: { d_anchor_category: { outputs: [output] } } });
      assert.deepEqual(issuesOf(text), [
        `vicinity.yaml:1 targets.d_anchor_category.outputs.0: must not begin with ${name}: results/<runId>/ has an object of Vicinity under this name. See docs/reference/configuration.md.`,
      ]);
    }
  const text = 'targets: { all: { outputs: [out/report.html, reports/build.log] } }\ndefaultTarget: all';
  assert.deepEqual(issuesOf(text), []);
});

const FILE = { url: 'https://example.com/duckdb.zip', sha256: 'a'.repeat(64), programs: ['bin/duckdb'] };
const FILES: [string, object, string][] = [
  [
    'an unencrypted download',
    { url: 'http://example.com/x.zip' },
    '.url: must be an https URL without spaces',
  ],
  ['a missing hash', { sha256: 'abc' }, '.sha256: must be the SHA-256 of the file, in hexadecimal digits'],
  [
    'a path that climbs',
    { programs: ['../x'] },
    '.programs.0: must be a path below the archive, without spaces',
  ],
  [
    'a file that is no archive with a path in it',
    { url: 'https://example.com/pmtiles' },
    '.programs: must be one name without a slash, because the URL does not end like an archive',
  ],
];
for (const [what, changes, issue] of FILES)
  test(`provision.files: ${what} is refused`, () => {
    assert.deepEqual(issuesOf(JSON.stringify({ provision: { files: [FILE] } })), []);
    const [found = ''] = issuesOf(JSON.stringify({ provision: { files: [{ ...FILE, ...changes }] } }));
    assert.equal(found, `vicinity.yaml:1 provision.files.0${issue}. See docs/reference/configuration.md.`);
  });

test('an unknown key is compared with those of its own section, however deep', () => {
  const text = [
    'defaultTarget: all',
    'slack: { chanel: C1 }',
    'targets:',
    '  all: { params: { STATES: { patern: "[a-z]+", pattern: "[a-z]+" } } }',
    'limits: { maxQeue: 3 }',
  ].join('\n');
  assert.deepEqual(issuesOf(text), [
    'vicinity.yaml:2 slack.chanel: is not a setting. Did you mean channel?',
    'vicinity.yaml:4 targets.all.params.STATES.patern: is not a setting. Did you mean pattern?',
    'vicinity.yaml:5 limits.maxQeue: is not a setting. Did you mean maxQueue?',
  ]);
});
