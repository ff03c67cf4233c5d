import path from 'node:path';
import type { Command } from 'commander';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describe } from './command.ts';

interface ReportOptions {
  output?: string;
  open?: boolean;
}

export function reportCommand(call: Call): Command {
  return describe<ReportOptions>(
    {
      usage: 'report [RUN_ID]',
      summary: "fetch a run's report as an HTML page",
      details:
        'Without RUN_ID, the newest run. A run without a report yet gets one from the data so far. ' +
        'Writes data/categories_results/<RUN_ID>/report.html.',
      examples: [
        ['vicinity report --open', 'open it in the browser'],
        ['vicinity report 20261124-030643-1a2b --output report.html', 'write it to another file'],
      ],
    },
    call,
    fetchReport,
  )
    .option('--output <file>', 'file to write')
    .option('--open', 'open it in the browser');
}

async function fetchReport(
  context: Context,
  options: ReportOptions,
  runId: string | undefined,
): Promise<ExitCode> {
  const { findRun } = await import('../runs/records.ts');
  const { readReport } = await import('../../shared/report/read-report.ts');
  const { resultsFolder } = await import('../results/places.ts');
  const { mkdir, writeFile } = await import('node:fs/promises');
  const { terminal, host, repository } = context;
  const objects = await context.objects();
  const { status } = await findRun(objects, runId);
  const usual = path.join(resultsFolder(repository.directory, status.runId), 'report.html');
  const file = options.output === undefined ? usual : path.resolve(host.cwd, options.output);
  const page = await readReport(objects, status, context.config, host.clock.now());
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, page);
  if (context.json)
    terminal.json({ runId: status.runId, file, bytes: Buffer.byteLength(page) } satisfies Output<'report'>);
  else terminal.data(path.relative(host.cwd, file) || file);
  if (options.open) {
    const { openInBrowser } = await import('../output/open-in-browser.ts');
    if (!(await openInBrowser(file))) terminal.warn(`No browser could be started. Open ${file} yourself.`);
  }
  return EXIT.ok;
}
