import type { Proposal, ProposedParam, ProposedTarget } from './propose.ts';

/** The proposal as a vicinity.yaml for a person to read and correct. */
export function renderConfig(proposal: Proposal, project: string | undefined): string {
  const { defaultTarget, targets, params, inputs, pythonRequirements, native } = proposal;
  return [
    '# What the control plane knows of this pipeline. Proposed by vicinity init from the Makefile: read it, and correct it.',
    '# Every key is in docs/reference/configuration.md of vicinity.',
    project ? `project: ${project}` : '# project: your-project',
    '# zone: us-east4-c',
    '# instance: vicinity-batch',
    '# bucket: your-bucket',
    '',
    `defaultTarget: ${defaultTarget}`,
    '# The targets that a request may ask for, and the files and directories that each makes.',
    'targets:',
    ...targets.flatMap(targetLines),
    ...(params.length > 0
      ? ['', '# The make variables that a request may set. A value must match the whole pattern.', 'params:']
      : []),
    ...params.flatMap(paramLines),
    '',
    'machineTypes: [c4d-highcpu-32, c4d-highcpu-96]',
    ...(inputs.length > 0
      ? [
          '',
          '# Files that the run needs and git ignores: they travel by their content, once.',
          'source:',
          `  inputs: [${inputs.map(quoted).join(', ')}]`,
        ]
      : []),
    '',
    'provision:',
    `  apt: [make, python3${pythonRequirements ? ', python3-venv' : ''}]`,
    ...(pythonRequirements ? [`  pythonRequirements: ${pythonRequirements}`] : []),
    ...(native ? ['  rust: stable', `  native: ${native}`] : []),
    '',
    'limits:',
    '  maxDuration: 20h',
    '',
  ].join('\n');
}

function targetLines({ name, outputs, description }: ProposedTarget): string[] {
  return [
    ...(description ? [`  # ${description}`] : []),
    `  ${quoted(name)}:`,
    `    outputs: [${outputs.map(quoted).join(', ')}]`,
  ];
}

function paramLines({ name, pattern, preset }: ProposedParam): string[] {
  return [
    `  ${name}:`,
    `    pattern: ${JSON.stringify(pattern)}`,
    ...(preset ? [`    description: ${JSON.stringify(`The Makefile has ${preset}.`)}`] : []),
  ];
}

/** As it is where YAML reads it as this text, also within a list. */
function quoted(text: string): string {
  const isPlain = /^[a-z_][\w./-]*$/i.test(text) && !/^(true|false|yes|no|on|off|null)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
