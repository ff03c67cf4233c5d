import type { ValidationIssue } from '../../shared/errors.ts';

/** One thing that is wrong with a pipeline, or may be. */
export interface Finding extends ValidationIssue {
  /** An error makes a push or a run fail; a warning may be meant. */
  level: 'error' | 'warning';
}

export function errorOf(issue: ValidationIssue): Finding {
  return { level: 'error', ...issue };
}

export function warningOf(issue: ValidationIssue): Finding {
  return { level: 'warning', ...issue };
}
