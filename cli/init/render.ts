import { parse } from 'yaml';
import { RUSTUP, WRITTEN_REQUIREMENTS } from './languages.ts';
import type { OwnKeys } from './own-keys.ts';
import type { ProposedParam } from './params.ts';
import type { Proposal } from './propose.ts';
import type { LeftOut, ProposedTarget } from './targets.ts';

/** The proposal as a vicinity.yaml for a person to read and correct. */
export function renderConfig(proposal: Proposal): string {
  const { keys, defaultTarget, targets, params, leftOut, doubts, oldScript } = proposal;
  const sections = [
    [
      '# The configuration of this pipeline for vicinity. vicinity init read it from the Makefile: check it.',
      '# docs/reference/configuration.md of vicinity describes every key.',
      ...(oldScript ? [`# ${oldScript} is replaced: docs/guide/migrating.md of vicinity.`] : []),
      ...doubts.map((doubt) => comment(`Not certain: ${doubt}.`)),
      ...placeLines(keys),
    ],
    [
      `defaultTarget: ${scalar(defaultTarget)}`,
      '# The targets that a request may name, and the files and folders that each writes.',
      'targets:',
      ...targets.flatMap(targetLines),
      ...leftOut.targets.map((each) => `  ${leftOutLine(each)}`),
    ],
    [
      '# The make variables that a request may set. A value must match the whole pattern.',
      params.length > 0 ? 'params:' : 'params: {}',
      ...params.flatMap(paramLines),
      ...leftOut.params.map((each) => `${params.length > 0 ? '  ' : ''}${leftOutLine(each)}`),
    ],
    machineLines(keys),
    inputLines(proposal),
    provisionLines(proposal),
    ['limits:', '  maxDuration: 20h'],
    keys.telemetryInterval === undefined ? [] : [`telemetryInterval: ${keys.telemetryInterval}`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

function placeLines({ project, zone, instance, bucket }: OwnKeys): string[] {
  return [
    project ? `project: ${scalar(project)}` : '# project: your-project',
    zone ? `zone: ${scalar(zone)}` : '# zone: us-east4-c',
    instance ? `instance: ${scalar(instance)}` : '# instance: vicinity-batch',
    bucket ? `bucket: ${scalar(bucket)}` : '# bucket: your-bucket',
  ];
}

function targetLines({ name, outputs, isGuess, description }: ProposedTarget): string[] {
  return [
    ...(description ? [`  ${comment(description)}`] : []),
    `  ${scalar(name)}:`,
    ...(isGuess
      ? ['    # A guess, since the recipe does not show what it writes: confirm or correct it.']
      : []),
    `    outputs: [${outputs.map(scalar).join(', ')}]`,
  ];
}

function paramLines({ name, pattern, preset }: ProposedParam): string[] {
  return [
    `  ${name}:`,
    `    pattern: ${JSON.stringify(pattern)}`,
    ...(preset ? [`    description: ${JSON.stringify(`The Makefile has ${preset}.`)}`] : []),
  ];
}

function leftOutLine({ name, reason }: LeftOut): string {
  return comment(`Not proposed: ${name} (${reason}).`);
}

function machineLines({ machineTypes }: OwnKeys): string[] {
  return machineTypes
    ? [
        '# The first one is used where a run asks for none.',
        `machineTypes: [${machineTypes.map(scalar).join(', ')}]`,
      ]
    : [
        '# The first one is used where a run asks for none.',
        'machineTypes: [c4d-highcpu-32, c4d-highcpu-96]',
      ];
}

function inputLines({ inputs, missingInputs }: Proposal): string[] {
  const missing = missingInputs.map((file) =>
    comment(`Not here, but a target needs it: ${file}. Fetch it, then list it below source.inputs.`),
  );
  if (inputs.length === 0) return missing;
  return [
    '# Files that a run needs and git ignores: they travel by their content, once.',
    ...missing,
    'source:',
    `  inputs: [${inputs.map(scalar).join(', ')}]`,
  ];
}

function provisionLines({ apt, aptFiles, python, rust, native }: Proposal): string[] {
  return [
    'provision:',
    ...(aptFiles.length > 0 ? [`  ${comment(`Some are from ${aptFiles.join(', ')}.`)}`] : []),
    `  apt: [${apt.map(scalar).join(', ')}]`,
    ...(python.hint ? [`  ${comment(python.hint)}`] : []),
    ...(python.packages
      ? [`  # Written by vicinity init from pyproject.toml: git add ${WRITTEN_REQUIREMENTS}.`]
      : []),
    ...(python.requirements ? [`  pythonRequirements: ${scalar(python.requirements)}`] : []),
    ...(rust
      ? [
          `  ${comment(`For ${rust.because}.`)}`,
          `  rust: ${scalar(rust.toolchain)}`,
          '  rustup:',
          `    version: ${RUSTUP.version}`,
          `    sha256: ${RUSTUP.sha256}`,
        ]
      : []),
    ...(native ? [`  native: ${scalar(native)}`] : []),
  ];
}

/** On one line, whatever the text holds. */
function comment(text: string): string {
  return `# ${text.replaceAll(/\s+/g, ' ')}`;
}

/** The text as a scalar that every YAML version reads as this text, also as a key and within a list. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z_0-9][\w./-]*$/.test(text) && !/^(?:y|n)$/i.test(text);
  const reads = (version: '1.1' | '1.2') => parse(text, { version, logLevel: 'silent' }) === text;
  return isPlain && reads('1.1') && reads('1.2') ? text : JSON.stringify(text);
}
