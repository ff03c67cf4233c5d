import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen } from '../../http/service.ts';
import type { StubReport } from './stub-bundles.ts';

/** Takes the reports of stub functions. */
export interface ReportServer {
  url: string;
  server: Server;
  /** The next report; one that came before is not forgotten. */
  next(): Promise<StubReport>;
}

export async function startReportServer(): Promise<ReportServer> {
  const reports: StubReport[] = [];
  const waiting: ((report: StubReport) => void)[] = [];
  const server = createServer(async (request, response) => {
    const report = (await json(request)) as StubReport;
    const first = waiting.shift();
    if (first) first(report);
    else reports.push(report);
    response.end();
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  const next = () => {
    const first = reports.shift();
    return first ? Promise.resolve(first) : new Promise<StubReport>((resolve) => waiting.push(resolve));
  };
  return { url, server, next };
}
