import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NotFoundError, PermissionError, TransientError } from '../shared/errors.ts';
import { type Access, cookieFor, refusalOf } from './http/access.ts';
import { type Reply, refuse, send } from './http/reply.ts';
import { answer } from './http/routes.ts';
import { pageFiles } from './page-files.ts';
import { apiRoutes } from './routes.ts';
import type { Source } from './source.ts';

export interface DashboardOptions {
  source: Source;
  /** Folder of the page. */
  page: string;
  /** 0: any free one. */
  port: number;
  /** Required in the address; undefined allows every user of this computer. */
  key: string | undefined;
}

export interface Dashboard extends AsyncDisposable {
  /** Address to open. */
  url: string;
  close(): Promise<void>;
}

/** Serves the dashboard on 127.0.0.1. It stores nothing: every request reads the current data. */
export async function startDashboard({ source, page, port, key }: DashboardOptions): Promise<Dashboard> {
  const files = pageFiles(page);
  const routes = apiRoutes(source);
  const access: Access = { port, key };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  access.port = (server.address() as AddressInfo).port;
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  const query = key === undefined ? '' : `?key=${key}`;
  return { url: `http://127.0.0.1:${access.port}/${query}`, close, [Symbol.asyncDispose]: close };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(`http://localhost${request.url ?? '/'}`);
    const cookie = url.pathname === '/' ? cookieFor(url, access) : undefined;
    // Redirects without the key, so that it appears neither in the address bar nor in bookmarks.
    if (cookie) return send(response, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
    const refusal = refusalOf(request, access);
    if (refusal) return send(response, refuse(refusal.status, refusal.message));
    send(response, files.get(url.pathname) ?? (await answerOrExplain(request, url)));
  }

  async function answerOrExplain(request: IncomingMessage, url: URL): Promise<Reply> {
    try {
      return (await answer(routes, request, url)) ?? refuse(404, `${url.pathname} does not exist.`);
    } catch (error) {
      return refuse(statusFor(error), (error as Error).message);
    }
  }
}

function statusFor(error: unknown): number {
  if (error instanceof PermissionError) return 403;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof TransientError) return 503;
  return error instanceof SyntaxError || error instanceof RangeError ? 400 : 500;
}
