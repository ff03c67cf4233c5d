/** One line of structured log, as Cloud Logging reads it (https://cloud.google.com/logging/docs/structured-logging). */
export function logLine(
  severity: 'INFO' | 'ERROR',
  entry: { message: string; [key: string]: unknown },
): void {
  console.log(JSON.stringify({ severity, ...entry }));
}
