import { RUN_ID } from '../shared/config/names.ts';
import { pageOfRuns, readStatuses } from '../shared/history/runs.ts';
import { telemetryName } from '../shared/model/layout.ts';
import type { Status } from '../shared/model/status.ts';
import { readReport } from '../shared/report/read-report.ts';
import { answerTo, ask, askForRun } from './actions.ts';
import { type Reply, refuse } from './http/reply.ts';
import { type Ask, type Route, route } from './http/routes.ts';
import type { Source } from './source.ts';
import { logPart } from './views/log.ts';
import { overview } from './views/overview.ts';
import { runDetail } from './views/run-detail.ts';
import { runRow } from './views/run-row.ts';

const PAGE = 50;
/** Size of a chart in pixels. */
const CHART = { least: 280, most: 1600, height: 400 };

/** The API of the page. */
export function apiRoutes(source: Source): Route[] {
  const { objects, clock } = source;
  return [
    route('GET', '/api/overview', async () => ({ body: await overview(source) })),
    route('GET', '/api/runs', listRuns),
    route('POST', '/api/runs', async (call) => askForRun(source, await call.json())),
    route('GET', '/api/requests/:requestId', (call) =>
      answerTo(source, call.param('requestId'), call.query('messageId') ?? ''),
    ),
    route(
      'GET',
      '/api/runs/:runId',
      withRun(async (status) => ({ body: await runDetail(source, status) })),
    ),
    route('GET', '/api/runs/:runId/log', withRun(readLog)),
    route('GET', '/api/runs/:runId/load.svg', withRun(drawLoad)),
    route('GET', '/runs/:runId/report', withRun(showReport)),
    route(
      'POST',
      '/api/runs/:runId/cancel',
      withRun(({ runId }) => ask(source, { action: 'cancel', runId })),
    ),
    route('POST', '/api/runs/:runId/retry', withRun(retry)),
  ];

  async function listRuns(call: Ask): Promise<Reply> {
    const before = call.query('before');
    if (before !== undefined && !RUN_ID.test(before)) return refuse(400, `${before} is not a run id.`);
    const { runs, next } = await pageOfRuns(objects, {
      limit: PAGE,
      before,
      now: clock.now(),
    });
    return { body: { runs: runs.map(runRow), ...(next && { next }) } };
  }

  async function readLog({ runId }: Status, call: Ask): Promise<Reply> {
    const offset = Number(call.query('offset') ?? 0) || 0;
    const part = await logPart(objects, runId, call.query('log') ?? 'build', offset);
    return part ? { body: part } : refuse(404, 'This log does not exist yet.');
  }

  async function drawLoad({ runId }: Status, call: Ask): Promise<Reply> {
    const csv = await objects.read(telemetryName(runId));
    const { parseTelemetry } = await import('../shared/telemetry/samples.ts');
    const samples = parseTelemetry(csv?.text ?? '');
    if (samples.length < 2) return refuse(404, 'No telemetry yet.');
    const { loadChart } = await import('../shared/report/load-chart.ts');
    const { PAGE_PALETTE } = await import('../shared/report/palette.ts');
    const asked = Number(call.query('width')) || CHART.most;
    const width = Math.round(Math.min(CHART.most, Math.max(CHART.least, asked)));
    const body = loadChart(samples, { width, height: CHART.height }, PAGE_PALETTE);
    return { headers: { 'content-type': 'image/svg+xml; charset=utf-8' }, body };
  }

  /** The stored report, or one created now. It comes from the bucket, so a CSP denies it scripts and network access. */
  async function showReport(status: Status): Promise<Reply> {
    return {
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy':
          "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
      },
      body: await readReport(objects, status, source.config, clock.now()),
    };
  }

  /** Starts a run with the same target, package and parameters. */
  function retry({ target, params, source: { sha256 } }: Status): Promise<Reply> {
    return ask(source, { target, params, source: sha256 });
  }

  function withRun(handler: (status: Status, call: Ask) => Promise<Reply>): Route['handler'] {
    return async (call) => {
      const runId = call.param('runId');
      const [status] = RUN_ID.test(runId) ? await readStatuses(objects, [runId]) : [];
      return status ? handler(status, call) : refuse(404, `Run ${runId} does not exist.`);
    };
  }
}
