import { regionOf } from '../../shared/config/names.ts';
import type { Config } from '../../shared/config/schema.ts';
import { LABELS } from './names.ts';
import type { ResourceOf } from './resource.ts';

/** How long a superseded package or state is kept, and an input that no package needs any more. */
const SUPERSEDED_DAYS = 14;

/**
 * The bucket of sources, records and results. Its lifecycle deletes by the custom time alone, which the daily round sets on what has
 * been superseded: an object without one, and so the newest package however old, stays. Soft delete is off, since a growing log is
 * overwritten every few seconds, and every version would be kept and charged for a week.
 */
export function bucket(config: Config): ResourceOf<'bucket'> {
  return {
    kind: 'bucket',
    name: config.bucket,
    properties: {
      uniformAccess: true,
      publicAccessPrevention: 'enforced',
      softDeleteDays: 0,
      lifecycle: [{ prefixes: ['src/', 'inputs/', 'state/'], daysSinceCustomTime: SUPERSEDED_DAYS }],
      labels: LABELS,
    },
    input: { location: regionOf(config).toUpperCase() },
    dependsOn: ['api storage.googleapis.com'],
    why: 'sources, records and results',
  };
}
