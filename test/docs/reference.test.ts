import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../cli/exit/codes.ts';
import { endpointsOf } from '../../local/endpoints.ts';
import { clientEnvironment } from '../../sandbox/client-environment.ts';
import { configJsonSchema } from '../../scripts/build-schema.ts';
import { loadConfig } from '../../shared/config/load.ts';
import { RESERVED_PARAMS } from '../../shared/config/names.ts';
import { OUTPUT_OF_COMMAND } from '../../shared/json-schemas/documents.ts';
import { outcomeSchema } from '../../shared/model/attempt.ts';
import { TERMINAL_STATUSES } from '../../shared/model/final.ts';
import * as layout from '../../shared/model/layout.ts';
import { parseRequest } from '../../shared/model/request.ts';
import { slotSchema } from '../../shared/model/slot.ts';
import { specSchema } from '../../shared/model/spec.ts';
import { statusSchema } from '../../shared/model/status.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import { vmMetadata } from '../../shared/reconcile/vm-metadata.ts';
import { vicinity } from '../cli/support/call.ts';
import { ROOT } from './markdown.ts';

/** The reference pages name everything that the code defines. */

test('configuration.md: every key of vicinity.yaml', () => {
  assert.deepEqual(missing('configuration.md', keysOf(configJsonSchema())), []);
});

test('configuration.md: the defaults of single values', () => {
  const { limits, telemetryInterval, project, zone, instance, bucket, defaultTarget } = loadConfig({
    env: {},
  });
  const single = { telemetryInterval, project, zone, instance, bucket, defaultTarget, ...limits };
  const text = page('configuration.md');
  const wrong = Object.entries(single).filter(
    ([key, value]) => !new RegExp(`^\\| \`${key}\` +\\| \`${value}\` +\\|`, 'm').test(text),
  );
  assert.deepEqual(wrong, []);
});

test('configuration.md: the reserved names of parameters', () => {
  assert.deepEqual(missing('configuration.md', RESERVED_PARAMS), []);
});

test('messages.md: every topic, and every field that a refusal can suggest', () => {
  const parsed = parseRequest({
    messageId: '1',
    publishedAt: '',
    data: '{"zzzzzzzzzzzz": 1}',
    attributes: {},
  });
  assert.ok('issues' in parsed);
  const [, fields = ''] = /^The fields are ([^;]+);/.exec(parsed.issues[0]?.remedy ?? '') ?? [];
  assert.ok(fields.includes('target, '));
  assert.deepEqual(missing('messages.md', [...Object.values(TOPICS), ...fields.split(', ')]), []);
});

test('objects.md: every object, and the fields of spec, status, slot and outcome', () => {
  const objects = Object.values(layout)
    .flatMap((name) => (typeof name === 'string' ? [name] : []))
    .concat([layout.slotName('<instance>'), layout.packageName('<sha256>'), layout.inputName('<sha256>')])
    .concat([layout.specName('<runId>'), layout.statusName('<runId>'), layout.finalName('<runId>')])
    .concat([layout.cancelName('<runId>'), layout.notifiedName('<runId>', '<event>')])
    .concat([layout.latestStateName('<target>'), layout.blobName('<sha256>')])
    .concat([
      layout.rejectedName('<messageId>'),
      layout.requestName('<hash>'),
      layout.requestCancelName('<hash>'),
    ]);
  const text = page('objects.md');
  assert.deepEqual(
    objects.filter((name) => !text.includes(`\`${name}`)),
    [],
  );
  const schemas = [specSchema, statusSchema, slotSchema, outcomeSchema];
  assert.deepEqual(
    missing(
      'objects.md',
      schemas.flatMap((schema) => Object.keys(schema.shape)),
    ),
    [],
  );
  assert.deepEqual(missing('objects.md', ['queued', 'starting', 'running', ...TERMINAL_STATUSES]), []);
});

test('vm.md: every metadata key, and every variable of the startup script', () => {
  const keys = Object.keys(vmMetadata(ANY_SPEC, 1, { bucket: 'b', finishedTopic: 't' }));
  assert.deepEqual(missing('vm.md', [...keys, 'VICINITY_HOLD', 'startup-script']), []);
  const scripts = ['startup.sh', ...filesBelow('lib'), ...filesBelow('tools')];
  const text = scripts.map((file) => readFileSync(join(ROOT, 'startup-script', file), 'utf8')).join('\n');
  const read = [...text.matchAll(/\$\{(VICINITY_\w+):-|environ\.get\("(VICINITY_\w+)"/g)];
  const names = new Set(read.map(([, bash, python]) => bash ?? python ?? ''));
  assert.ok(names.size >= 5, [...names].join());
  assert.deepEqual(missing('vm.md', names), []);
});

test('environment.md: variables that vicinity local env exports, and variables that the code reads', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'docs-env-'));
  t.after(() => rmSync(directory, { recursive: true }));
  const ports = {
    storage: 1,
    pubsub: 2,
    compute: 3,
    scheduler: 4,
    metadata: 5,
    slack: 6,
    functions: 7,
    admin: 8,
    management: 9,
  };
  const variables = clientEnvironment({
    config: loadConfig({ env: {} }),
    endpoints: endpointsOf(ports),
    directory,
  });
  const read = [
    'VICINITY_CONFIG',
    'VICINITY_SLACK_WEBHOOK_FILE',
    'VICINITY_DEBUG',
    'NO_COLOR',
    'FORCE_COLOR',
  ];
  assert.deepEqual(missing('environment.md', [...Object.keys(variables), ...read]), []);
});

test('commands.md: every command with its options, and every exit code', async () => {
  const { stdout } = await vicinity(['--help']);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) (?:[[<]\S+ )* /gm)].map(([, name = '']) => name);
  assert.ok(commands.includes('push') && commands.includes('local') && !commands.includes('vicinity'));
  const text = page('commands.md');
  for (const command of commands.filter((name) => name !== 'help')) {
    const section = text.split(/^## /m).find((each) => each.startsWith(`vicinity ${command}`));
    assert.ok(section, `commands.md has no section on vicinity ${command}`);
    if (command === 'local') continue;
    const help = (await vicinity([command, '--help'])).stdout;
    const [own = ''] = (help.split('\nOptions:\n')[1] ?? '').split('\n\n');
    const options = [...own.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option = '']) => option);
    const absent = options.filter((option) => option !== '--help' && !section.includes(option));
    assert.deepEqual(absent, [], `vicinity ${command}`);
  }
  assert.deepEqual(
    Object.values(EXIT).filter((code) => !new RegExp(`^\\| ${code} +\\|`, 'm').test(text)),
    [],
  );
});

test('commands.md: the schema of the JSON that each command prints', () => {
  const rows = page('commands.md').matchAll(
    /^\| (`vicinity .+) \| \[([a-z-]+)\]\(output\/\2\.schema\.json\) \|/gm,
  );
  const linked = [...rows].flatMap(([, commands = '', name]) =>
    [...commands.matchAll(/`vicinity ([^`]+)`/g)].map(([, command]) => [command, name]),
  );
  assert.deepEqual(Object.fromEntries(linked), OUTPUT_OF_COMMAND);
});

test('every command prints a JSON document, or is listed here', async () => {
  const groups = ['deploy', 'schedule', 'image', 'local'];
  const { stdout } = await vicinity(['--help']);
  const names = [...stdout.matchAll(/^ {2}([a-z]+) (?:[[<]\S+ )* /gm)].map(([, name = '']) => name);
  const documented = new Set(Object.keys(OUTPUT_OF_COMMAND).map((command) => command.split(' ')[0]));
  const without = names.filter((name) => !documented.has(name) && !groups.includes(name));
  assert.deepEqual(without.toSorted(), ['completion', 'help']);
});

const ANY_SPEC = specSchema.parse({
  version: 1,
  runId: '20261124-042217-d7b4',
  trigger: 'message:1',
  messageId: '1',
  target: 'all',
  source: { sha256: 'a' },
  params: {},
  outputs: [],
  provision: { apt: [] },
  machineType: 'c4d-highcpu-32',
  fallbackMachineTypes: [],
  maxSeconds: 1,
  maxAttempts: 1,
  maxAgeSeconds: 1,
  startWithinSeconds: 1,
  telemetryInterval: 5,
  onBusy: 'queue',
  requestedAt: '2026-11-24T04:22:17.751Z',
});

function page(name: string): string {
  return readFileSync(join(ROOT, 'docs/reference', name), 'utf8');
}

/** The names that are in no code on the page: neither in a code span, nor as a key of JSON. */
function missing(name: string, names: Iterable<string>): string[] {
  const code = [...page(name).matchAll(/`[^`\n]+`|"\w+":/g)].join(' ');
  const words = new Set(code.match(/[\w-]+/g));
  return [...names].filter((each) => !words.has(each));
}

/** The names of all properties that the schema declares, at any depth. */
function keysOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, additionalProperties } = schema as Record<string, object | undefined>;
  const own = Object.entries(properties).flatMap(([key, value]) => [key, ...keysOf(value)]);
  return [...new Set([...own, ...keysOf(additionalProperties)])];
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, 'startup-script', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(sh|py)$/.test(file))
    .map((file) => join(folder, file));
}
