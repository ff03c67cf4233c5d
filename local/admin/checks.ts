import type { FaultRule } from '../core/faults.ts';
import { invalid } from '../http/api-error.ts';

const FIELDS: Record<keyof FaultRule, 'string' | 'number' | 'object'> = {
  operation: 'string',
  kind: 'string',
  status: 'number',
  reason: 'string',
  headers: 'object',
  text: 'string',
  delayMs: 'number',
  afterBytes: 'number',
  times: 'number',
  skip: 'number',
  probability: 'number',
  urlContains: 'string',
};

/** A fault as it was asked for. Throws 400 for a misspelt field, which would otherwise be a fault that never strikes. */
export function checkFault(rule: FaultRule): FaultRule {
  if (!rule.operation || !rule.kind)
    throw invalid('A fault needs an operation, such as "storage.objects.*", and a kind, such as "error".');
  for (const [field, value] of Object.entries(rule)) {
    const wanted = FIELDS[field as keyof FaultRule];
    if (!wanted) throw invalid(`A fault has no field ${field}. It has: ${Object.keys(FIELDS).join(', ')}.`);
    if (typeof value !== wanted)
      throw invalid(`${field} of a fault must be a ${wanted}, not ${JSON.stringify(value)}.`);
  }
  return rule;
}
