import { redact } from '../redact.ts';

export type Severity = 'INFO' | 'ERROR';

/** What is logged: a message, and whatever helps to understand it. */
export interface LogEntry {
  message: string;
  [key: string]: unknown;
}

export function logLine(severity: Severity, entry: LogEntry): void {
  console.log(logText(severity, entry));
}

/**
 * One line of structured log, as Cloud Logging reads it (https://cloud.google.com/logging/docs/structured-logging), without what
 * looks like a secret: errors of others go into it.
 */
export function logText(severity: Severity, entry: LogEntry): string {
  return JSON.stringify({ severity, ...entry }, (_key, value) =>
    typeof value === 'string' ? redact(value) : value,
  );
}

/** What is logged of a function that failed. */
export function failureEntry(name: string, error: Error): LogEntry {
  return { message: `${name}: ${error.message}`, stack: error.stack };
}
