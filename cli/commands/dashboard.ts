import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { InvalidError } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import { memoizeAsync } from '../../shared/memoize-async.ts';
import { TOPICS } from '../../shared/model/topics.ts';
import type { TopicMessage } from '../../shared/ports/topic.ts';
import type { Context } from '../context/context.ts';
import { servedFolder } from '../context/program-root.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

const DEFAULT_PORT = 8799;

interface DashboardFlags {
  port: number;
  open?: boolean;
  key: boolean;
}

export function dashboardCommand(call: Call): Command {
  return describe<DashboardFlags>(
    {
      usage: 'dashboard',
      summary: 'show runs, queue, VM and logs in the browser',
      details:
        'Serves a page on 127.0.0.1 until you press Ctrl-C. It uses your own credentials; nothing is deployed. The printed address ' +
        'contains a key, so other users of this computer have no access.',
      examples: [
        ['vicinity dashboard --open', 'open it in the browser'],
        ['vicinity dashboard --port 0', 'on any free port'],
      ],
    },
    call,
    serveDashboard,
  )
    .option('--port <n>', 'port to listen on; 0 for any free port', portNumber, DEFAULT_PORT)
    .option('--open', 'open it in the browser')
    .option('--no-key', 'allow every user of this computer');
}

async function serveDashboard(context: Context, { port, open, key }: DashboardFlags): Promise<ExitCode> {
  const { startDashboard } = await import('../../dashboard/dashboard.ts');
  const { host, terminal, config, json } = context;
  // The clients of Compute Engine and Pub/Sub are slow to load, so they are loaded on first use.
  const instance = memoizeAsync(() => context.instance());
  const topic = memoizeAsync(() => context.topic(TOPICS.run));
  const source = {
    config,
    objects: await context.objects(),
    publish: async (message: TopicMessage) => (await topic()).publish(message),
    readInstance: async () => (await instance()).read(),
    clock: host.clock,
    user: host.user,
  };
  const { promise: interrupted, resolve: interrupt } = Promise.withResolvers<void>();
  const restore = host.onInterrupt(interrupt);
  try {
    await using dashboard = await startDashboard({
      source,
      page: servedFolder('dashboard/page'),
      port,
      key: key ? randomBytes(18).toString('base64url') : undefined,
    });
    if (json) terminal.json({ url: dashboard.url } satisfies Output<'dashboard'>);
    else terminal.data(dashboard.url);
    terminal.note('Press Ctrl-C to stop the dashboard. Runs are not affected.');
    if (open) await show(context, dashboard.url);
    await interrupted;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? portTaken(port) : error;
  } finally {
    restore();
  }
  return EXIT.ok;
}

async function show({ terminal }: Context, url: string): Promise<void> {
  const { openInBrowser } = await import('../output/open-in-browser.ts');
  if (!(await openInBrowser(url))) terminal.warn('No browser could be started. Open the address yourself.');
}

function portTaken(port: number): InvalidError {
  const remedy = 'Stop that program, or pass --port 0 to use any free port.';
  return new InvalidError([
    { field: `--port ${port}`, problem: 'is in use by another program, perhaps another dashboard', remedy },
  ]);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && (port === 0 || (port >= 1024 && port < 65_536))) return port;
  throw new InvalidArgumentError('Use 0, or a port from 1024 to 65535.');
}
