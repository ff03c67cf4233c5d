import { ErrorCode, type WebAPICallError } from '@slack/web-api';

/** Slack's temporary errors (https://docs.slack.dev/reference/methods/chat.postMessage#errors). */
const TRANSIENT = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
];

/** The error code in Slack's answer; undefined where Slack did not answer. */
export function slackErrorCode(error: unknown): string | undefined {
  const { code, data } = error as WebAPICallError & { data?: { error?: string } };
  return code === ErrorCode.PlatformError ? (data?.error ?? 'unknown_error') : undefined;
}

/** Whether a later attempt may succeed: Slack did not answer, or is busy. */
export function isTransient(code: string | undefined): boolean {
  return code === undefined || TRANSIENT.includes(code);
}
