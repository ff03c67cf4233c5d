import { configSchema } from '../../shared/config/schema.ts';
import type { Makefile } from '../makefile/makefile.ts';
import { expandedValue } from '../makefile/recipe.ts';

/** What a Makefile's variables say of the cloud, by the keys of vicinity.yaml. */
export interface OwnKeys {
  project?: string;
  zone?: string;
  instance?: string;
  bucket?: string;
  machineTypes?: string[];
  telemetryInterval?: number;
}

const NAMES: Record<keyof OwnKeys, RegExp> = {
  project: /^(?:(?:GCP|GCLOUD|GOOGLE|GOOGLE_CLOUD|CLOUDSDK_CORE)_)?PROJECT(?:_ID)?$/,
  zone: /^(?:(?:GCP|GCE|GCLOUD|VM|COMPUTE|CLOUDSDK_COMPUTE)_)?ZONE$/,
  instance: /^(?:(?:GCP|GCE|VM)_)?(?:INSTANCE|VM)(?:_NAME)?$/,
  bucket: /^(?:(?:GCP|GCS|GS|RESULTS?)_)?BUCKET(?:_NAME)?$/,
  machineTypes: /^(?:(?:GCP|GCE|VM)_)?MACHINE(?:_TYPE)?$/,
  telemetryInterval: /^TELEMETRY_INTERVAL$/,
};

const KEYS = Object.keys(NAMES) as (keyof OwnKeys)[];

/** The key of the configuration that a variable of this name is, in place of a parameter. */
export function ownKeyOf(name: string): keyof OwnKeys | undefined {
  return KEYS.find((key) => NAMES[key].test(name));
}

/** Whether the configuration may have the variable's value for the key; an empty one is nobody's mistake. */
export function isValidFor(key: keyof OwnKeys, text: string): boolean {
  return text === '' || configSchema.shape[key].safeParse(configValue(key, text)).success;
}

/** The values that a configuration may have, of the first variable for each key that has one. */
export function ownKeys(makefile: Makefile, directory: string): OwnKeys {
  const found: Record<string, unknown> = {};
  for (const key of KEYS) {
    const names = [...makefile.variables.keys()].filter((name) => NAMES[key].test(name)).toSorted();
    const values = names.map((name) => configValue(key, expandedValue(makefile, name, directory)));
    const valid = values.find((value) => configSchema.shape[key].safeParse(value).success);
    if (valid !== undefined) found[key] = valid;
  }
  return found;
}

function configValue(key: keyof OwnKeys, text: string): unknown {
  if (text === '') return undefined;
  if (key === 'bucket') return text.replace(/^gs:\/\//, '').replace(/\/$/, '');
  if (key === 'machineTypes') return text.split(/[\s,]+/);
  return key === 'telemetryInterval' ? Number(text) : text;
}
