import { idOf, type Kind } from '../table/resource.ts';
import { driftOf } from '../verify/drift.ts';
import type { Finding } from '../verify/finding.ts';
import type { Check } from './checks.ts';

const APPLY = 'vicinity deploy apply';
/** Kinds whose differences have checks of their own. */
const TOLD_ELSEWHERE: Kind[] = ['instance'];

/** Reports what the project lacks of the table, by kind; one command fixes it. */
export const checkTable: Check = async ({ changes, call: { config } }) => {
  const open = changes.filter(
    ({ action, resource }) => action !== 'none' && !TOLD_ELSEWHERE.includes(resource.kind),
  );
  const missing = open.filter(({ action }) => action === 'create').map(({ resource }) => idOf(resource));
  const other = open.filter(({ action }) => action === 'update');
  const nothing = { subject: `project ${config.project}`, fine: 'has everything that the system needs' };
  if (open.length === 0) return [nothing];
  return [...(missing.length > 0 ? [missingFinding(missing)] : []), ...other.map(driftOf)];
};

/** A new project lacks all of them: a few are named. */
function missingFinding(missing: string[]): Finding {
  const named = missing.slice(0, 5).join(', ');
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  return { subject: 'table', problem: `missing: ${named}${more}`, remedy: APPLY };
}
