import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { callerOf, type Guard, type Resource } from './access.ts';
import { invalid } from './api-error.ts';

/** What a handler returns: an object is sent as JSON, a stream or buffer as it is. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: object | string | Buffer | Readable;
}

/** One request, as a handler sees it. Path parameters and query values are decoded. */
export class Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly params: Record<string, string>;
  readonly #guard: Guard | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    params: Record<string, string>,
    guard?: Guard,
  ) {
    this.request = request;
    this.response = response;
    this.url = url;
    this.params = params;
    this.#guard = guard;
  }

  /** Throws 403 unless the caller has the permission. Where the cloud enforces none, everybody has every one. */
  require(permission: string, resource: Resource): void {
    this.#guard?.require(callerOf(this.request.headers), permission, resource);
  }

  holds(permission: string, resource: Resource): boolean {
    return this.#guard?.holds(callerOf(this.request.headers), permission, resource) ?? true;
  }

  param(name: string): string {
    const value = this.params[name];
    if (value === undefined) throw new Error(`This route has no parameter ${name}.`);
    return value;
  }

  /** Throws 400 where the value is not UTF-8: URLSearchParams would put U+FFFD in place of what it cannot decode. */
  query(name: string): string | undefined {
    const value = this.url.searchParams.get(name) ?? undefined;
    if (value?.includes('\ufffd') && !/%EF%BF%BD|\ufffd/i.test(this.url.search))
      throw invalid(`The query parameter ${name} is not valid UTF-8.`);
    return value;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  /** The whole body, in memory. Uploads of any size use `request` as a stream instead. */
  async body(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  /** The body as a JSON object; an absent body (also `""`, which the compute client sends) is `{}`. */
  async json<T extends object>(): Promise<T> {
    const text = (await this.body()).toString('utf8');
    if (text === '' || text === '""') return {} as T;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw invalid(`The request body is not JSON: ${text.slice(0, 80)}`);
    }
  }
}
