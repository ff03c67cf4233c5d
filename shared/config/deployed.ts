import { deployedConfigName } from '../model/layout.ts';
import { parseJson } from '../parse-json.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { type Config, configSchema } from './schema.ts';

/** Settings that only the command uses, or that flags and the environment choose: a deployment need not have them. */
const NOT_DEPLOYED: (keyof Config)[] = ['project', 'zone', 'instance', 'bucket', 'source'];
const ABSENT = 'absent';

/** A setting by its path, such as `targets.all.maxDuration`, with its value as JSON on each side. */
export interface ConfigDifference {
  path: string;
  deployed: string;
  local: string;
}

/** Records the configuration that the functions have been given, for `push`, `run` and the dashboard to compare with. */
export async function recordDeployedConfig(objects: Pick<ObjectStore, 'put'>, config: Config): Promise<void> {
  await objects.put(deployedConfigName(config.instance), JSON.stringify(config, undefined, 2));
}

/** Undefined where no deployment has recorded it, or a version with other settings has. */
export async function readDeployedConfig(
  objects: Pick<ObjectStore, 'read'>,
  instance: string,
): Promise<Config | undefined> {
  const stored = await objects.read(deployedConfigName(instance));
  return stored && configSchema.safeParse(parseJson(stored.text)).data;
}

/** The settings in which a deployment differs from the local configuration; empty where runs behave as the local file says. */
export function configDifferences(deployed: Config, local: Config): ConfigDifference[] {
  const there = leavesOf(relevant(deployed));
  const here = leavesOf(relevant(local));
  return [...new Set([...there.keys(), ...here.keys()])]
    .filter((path) => there.get(path) !== here.get(path))
    .map((path) => ({ path, deployed: there.get(path) ?? ABSENT, local: here.get(path) ?? ABSENT }));
}

const MAX_SHOWN = 5;

/** What differs, for a person: `targets.all.maxDuration (deployed: "20h", here: "1h")`. Empty where nothing does. */
export function describeDifferences(differences: ConfigDifference[]): string {
  const shown = differences
    .slice(0, MAX_SHOWN)
    .map(({ path, deployed, local }) => `${path} (deployed: ${deployed}, here: ${local})`);
  const more = differences.length > MAX_SHOWN ? ` and ${differences.length - MAX_SHOWN} more` : '';
  return `${shown.join(', ')}${more}`;
}

function relevant(config: Config): object {
  return Object.fromEntries(
    Object.entries(config).filter(([key]) => !NOT_DEPLOYED.includes(key as keyof Config)),
  );
}

/** Values as JSON by their paths; a list counts as one value. */
function leavesOf(value: unknown, path: string[] = []): Map<string, string> {
  const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isNested) return new Map(value === undefined ? [] : [[path.join('.'), JSON.stringify(value)]]);
  return new Map(Object.entries(value).flatMap(([key, below]) => [...leavesOf(below, [...path, key])]));
}
