import { regionOf } from '../../shared/config/names.ts';
import type { Config } from '../../shared/config/schema.ts';
import { shellWord } from '../../shared/shell-word.ts';
import type { Change } from '../plan/plan.ts';
import { idOf, type Kind, type Kinds, type ResourceOf } from '../table/resource.ts';
import { resourceCommands } from './commands.ts';
import type { Deployment } from './deployment.ts';
import { commandLines } from './shell.ts';

/** A plan as a bash script of gcloud commands: what apply would do, to read before it runs. */
export function gcloudScript(config: Config, changes: Change[], functionsFolder: string): string {
  const { project, zone } = config;
  const deployment = { project, zone, region: regionOf(config), functionsFolder };
  const wanted = [...apiLines(changes), ...changes.flatMap((change) => linesOf(change, deployment))];
  return `${[
    '#!/usr/bin/env bash',
    `# What is missing in project ${project}, as commands. Of one that fails, everything after it is left undone: plan again.`,
    'set -euo pipefail',
    `export CLOUDSDK_CORE_PROJECT=${shellWord(project)} CLOUDSDK_CORE_DISABLE_PROMPTS=1`,
    'work=$(mktemp -d)',
    `trap 'rm -rf "$work"' EXIT`,
    ...(wanted.length > 0 ? wanted : ['', '# Nothing: everything is as it should be.']),
  ].join('\n')}\n`;
}

/** All in one call, which takes as long as one of them. */
function apiLines(changes: Change[]): string[] {
  const missing = changes.filter(({ action, resource }) => action !== 'none' && resource.kind === 'api');
  if (missing.length === 0) return [];
  const names = missing.map(({ resource }) => resource.name);
  return ['', '# Services of Google', ...commandLines('gcloud services enable', names)];
}

function linesOf({ action, resource, differences, observed }: Change, deployment: Deployment): string[] {
  if (action === 'none' || resource.kind === 'api') return [];
  const differs = (path: string) =>
    action === 'create' || differences.some((each) => each.path === path || each.path.startsWith(`${path}.`));
  return ['', `# ${idOf(resource)}: ${resource.why}`, ...commands(resource)];

  function commands<K extends Exclude<Kind, 'api'>>(each: ResourceOf<K>): string[] {
    const properties = observed as Kinds[K]['properties'] | undefined;
    const change = { action: action as 'create' | 'update', differs, observed: properties };
    return resourceCommands[each.kind](change, each, deployment);
  }
}
