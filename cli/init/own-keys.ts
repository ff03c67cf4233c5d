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

/** Whether a variable of this name is a key of the configuration, and no parameter. */
export function isOwnKey(name: string): boolean {
  return Object.values(NAMES).some((pattern) => pattern.test(name));
}

/** The values that a configuration may have, of the first variable for each key that has one. */
export function ownKeys(makefile: Makefile, directory: string): OwnKeys {
  const found: Record<string, unknown> = {};
  for (const [key, pattern] of Object.entries(NAMES)) {
    const names = [...makefile.variables.keys()].filter((name) => pattern.test(name)).toSorted();
    const values = names.map((name) => configValue(key, expandedValue(makefile, name, directory)));
    const valid = values.find((value) => configSchema.shape[key as keyof OwnKeys].safeParse(value).success);
    if (valid !== undefined) found[key] = valid;
  }
  return found;
}

function configValue(key: string, text: string): unknown {
  if (text === '') return undefined;
  if (key === 'bucket') return text.replace(/^gs:\/\//, '').replace(/\/$/, '');
  if (key === 'machineTypes') return text.split(/[\s,]+/);
  return key === 'telemetryInterval' ? Number(text) : text;
}
