import type { Resource, SourceFile } from '../../../deploy/table/resource.ts';
import { table } from '../../../deploy/table/table.ts';
import { loadConfig } from '../../../shared/config/load.ts';
import type { Config } from '../../../shared/config/schema.ts';
import type { FunctionName } from '../../../shared/model/functions.ts';

export const SCRIPT = '#!/bin/bash\necho "hello from the VM"\nshutdown -P now\n';

export const WEEKLY = `
schedules:
  weekly:
    cron: "0 3 * * 1"
    timeZone: America/New_York
    target: all
`;

export function configOf(text = WEEKLY): Config {
  return loadConfig({ text, env: {} });
}

/** A table with small functions and a small script. */
export function smallTable(config: Config = configOf()): Resource[] {
  return table(config, { projectNumber: '123456789012', startupScript: SCRIPT, sources: sources() });
}

function sources(): Record<FunctionName, SourceFile[]> {
  const files = (name: string) => [
    { name: 'index.cjs', content: Buffer.from(`// ${name}\n`) },
    { name: 'package.json', content: Buffer.from('{"main":"index.cjs"}\n') },
  ];
  return {
    'start-run': files('start-run'),
    'finish-run': files('finish-run'),
    'sweep-runs': files('sweep-runs'),
  };
}
