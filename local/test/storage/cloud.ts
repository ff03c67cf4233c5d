import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Storage as Client } from '@google-cloud/storage';
import { CloudClock } from '../../core/clock.ts';
import { Faults } from '../../core/faults.ts';
import { listen } from '../../http/service.ts';
import { createStorage, type Storage } from '../../storage/storage.ts';

export const BUCKET = 'test-project';

/** A running Storage with one bucket, and the requests that tests make of it. */
export interface Cloud {
  storage: Storage;
  clock: CloudClock;
  faults: Faults;
  url: string;
  call(method: string, path: string, body?: Body, headers?: Record<string, string>): Promise<Answer>;
  put(name: string, body: string | Buffer, query?: string): Promise<Answer>;
  /** The official client. */
  client(): Client;
  close(): Promise<void>;
}

/** Sent as it is, or, a plain object, as JSON. */
export type Body = string | Buffer<ArrayBuffer> | object;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a JSON answer, looked into by assertions only
  json: any;
}

export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'gcp-local-storage-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts Storage on a free port; it ends with the test. */
export async function startCloud(t: TestContext, stateDir = temporaryDirectory(t)): Promise<Cloud> {
  const clock = new CloudClock();
  const faults = new Faults();
  const storage = createStorage({
    stateDir,
    project: 'test-project',
    context: { clock, faults, onCall: () => {} },
  });
  storage.ensureBucket(BUCKET);
  const url = `http://127.0.0.1:${await listen(storage.server, 0)}`;
  const close = () =>
    new Promise<void>((resolve) => {
      clock.close();
      storage.server.close(() => resolve());
      storage.server.closeAllConnections();
    });
  t.after(close);

  const call: Cloud['call'] = async (method, path, body, headers = {}) => {
    const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
    const init = { method, headers, body: isRaw ? (body ?? null) : JSON.stringify(body) };
    const response = await fetch(url + path, { ...init, redirect: 'manual' });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const json = type.startsWith('application/json') && text !== '' ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  };
  const put: Cloud['put'] = (name, body, query = '') => {
    const target = `/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=${encodeURIComponent(name)}`;
    return call('POST', target + query, body, { 'content-type': 'text/plain' });
  };
  const client = () =>
    new Client({ apiEndpoint: url, projectId: 'test-project', useAuthWithCustomEndpoint: false });
  return { storage, clock, faults, url, call, put, client, close };
}

/** The path of an object in the bucket, by the JSON API. */
export const objectPath = (name: string) => `/storage/v1/b/${BUCKET}/o/${encodeURIComponent(name)}`;

/** Returns once `isSo`; fails after five seconds. For what another process or connection does, which no clock moves. */
export async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Not so within five seconds: ${isSo}`);
    await setTimeout(5);
  }
}
