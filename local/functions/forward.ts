import { type IncomingHttpHeaders, request } from 'node:http';
import type { CloudClock } from '../core/clock.ts';
import type { Reply } from '../http/call.ts';

export interface Forwarded {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Event handlers may run for nine minutes (https://cloud.google.com/run/quotas#cloud_run_functions_quotas). */
export const FUNCTION_TIMEOUT_MS = 540_000;

/**
 * Hands an event to a function's process and returns its answer, or undefined where the process ends meanwhile; 504 after
 * the function's time is up. As on Google Cloud, the process then goes on with what it was doing.
 */
export function forward(
  socket: string,
  event: Forwarded,
  { clock, timeoutMs = FUNCTION_TIMEOUT_MS }: { clock: CloudClock; timeoutMs?: number },
): Promise<Reply | undefined> {
  const { promise, resolve } = Promise.withResolvers<Reply | undefined>();
  const headers = { ...event.headers, host: 'localhost', 'x-cloud-time-offset-ms': String(clock.ahead) };
  const call = request({ socketPath: socket, method: 'POST', path: event.path, headers, agent: false });
  const cancel = clock.after(timeoutMs, () => {
    resolve({ status: 504, body: `The function took longer than ${timeoutMs / 1000} s.` });
    call.destroy();
  });
  call.on('error', () => resolve(undefined));
  call.on('response', async (response) => {
    try {
      const body = Buffer.concat(await response.toArray());
      const type = response.headers['content-type'];
      resolve({
        status: response.statusCode ?? 500,
        ...(type && { headers: { 'content-type': type } }),
        body,
      });
    } catch {
      resolve(undefined);
    }
  });
  call.end(event.body);
  return promise.finally(cancel);
}
