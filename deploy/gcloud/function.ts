import { CACHE_SUFFIX } from '../../shared/artifacts/parts.ts';
import { shellWord } from '../../shared/shell-word.ts';
import type { FunctionProperties } from '../table/resource.ts';
import type { CommandsOf } from './deployment.ts';
import { commandLines, fileFlag, fileLines, pairs } from './shell.ts';

/** A deployment creates and changes alike. The folder is copied, to leave out what is not deployed. */
export const functionCommands: CommandsOf<'function'> = (_change, { name, properties }, deployment) => {
  return [
    `cp -R ${shellWord(`${deployment.functionsFolder}/${name}`)} "$work/${name}"`,
    `rm -f "$work/${name}/"*${CACHE_SUFFIX}`,
    ...fileLines(`${name}.yaml`, environmentYaml(properties.environment)),
    ...commandLines(`gcloud functions deploy ${name} --gen2`, [
      `--region=${deployment.region}`,
      `--runtime=${properties.runtime}`,
      `--entry-point=${properties.entryPoint}`,
      fileFlag('--source', name),
      '--trigger-http',
      '--no-allow-unauthenticated',
      ...settings(name, properties),
    ]),
  ];
};

function settings(name: string, properties: FunctionProperties): string[] {
  const { secretFile, labels, source } = properties;
  return [
    `--service-account=${properties.account}`,
    `--ingress-settings=internal-only`,
    `--memory=${properties.memory}`,
    `--timeout=${properties.timeoutSeconds}s`,
    `--min-instances=${properties.minInstances}`,
    `--max-instances=${properties.maxInstances}`,
    `--concurrency=${properties.concurrency}`,
    fileFlag('--env-vars-file', `${name}.yaml`),
    `--set-secrets=${secretFile.path}=${secretFile.secret}:latest`,
    `--update-labels=${pairs({ ...labels, 'vicinity-source': source })}`,
  ];
}

/** A JSON string is a YAML string. */
function environmentYaml(environment: Record<string, string>): string {
  return Object.entries(environment)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join('\n');
}
