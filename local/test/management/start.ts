import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CloudClock } from '../../core/clock.ts';
import type { Faults } from '../../core/faults.ts';
import { listen } from '../../http/service.ts';
import { openProject, type Project } from '../../project.ts';
import { ServiceRegistry } from '../../service-registry.ts';
import { anonymousAuth } from '../anonymous-auth.ts';

export const PROJECT = 'test-project';
export const NUMBER = '123456789012';

export interface Management {
  project: Project;
  url: string;
  clock: CloudClock;
  faults: Faults;
  /** For the official clients that speak gRPC unless told not to. */
  options: {
    apiEndpoint: string;
    port: number;
    protocol: 'http';
    fallback: true;
    /** Each client brings an auth library of its own, whose types differ. */
    auth: never;
  };
  rest(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
}

/** Whatever a service answers. */
export interface Json {
  [field: string]: Json & string & Json[];
}

export interface Answer {
  status: number;
  body: Json;
}

/** The project's services on a port of their own, without the rest of the cloud. */
export async function startManagement(t: TestContext, { iam = false } = {}): Promise<Management> {
  const stateDir = mkdtempSync(join(tmpdir(), 'management-'));
  const cleanup = new AsyncDisposableStack();
  const registry = new ServiceRegistry(stateDir, 0, cleanup, () => {});
  const project = openProject(registry, { project: PROJECT, iam, accountOfFunction: () => undefined });
  const server = project.server();
  const port = await listen(server, 0);
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await cleanup.disposeAsync();
    rmSync(stateDir, { recursive: true });
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    project,
    url,
    clock: registry.clock,
    faults: registry.faults,
    options: {
      apiEndpoint: '127.0.0.1',
      port,
      protocol: 'http',
      fallback: true,
      auth: anonymousAuth as never,
    },
    async rest(method, path, body, headers = {}) {
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const response = await fetch(`${url}/${path}`, init);
      return { status: response.status, body: (await response.json()) as Json };
    },
  };
}

export const messageOf = ({ body }: Answer): string => body.error?.message ?? '';
