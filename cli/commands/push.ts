import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Context } from '../context/context.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { Progress } from '../output/progress.ts';
import type { Transfer } from '../source/publish.ts';
import { type Call, describe } from './command.ts';

interface PushOptions {
  dryRun?: boolean;
  force?: boolean;
}

export function pushCommand(call: Call): Command {
  return describe<PushOptions>(
    {
      usage: 'push',
      summary: 'package the sources and upload what is new',
      details:
        'The package holds the tracked files, as they are in the work tree, committed or not, and names the declared ' +
        'inputs, which travel by their content hash. Pushing the same tree again uploads nothing. It is the source of every run asked for afterwards.',
      examples: [
        ['vicinity push', 'package and upload'],
        ['vicinity push --dry-run', 'only tell what would be uploaded'],
      ],
    },
    call,
    push,
  )
    .option('-n, --dry-run', 'upload nothing')
    .option('--force', 'leave out what is missing instead of refusing');
}

async function push(context: Context, { dryRun = false, force = false }: PushOptions): Promise<ExitCode> {
  const { buildPackage } = await import('../source/package.ts');
  const { makeLatest, planTransfers } = await import('../source/publish.ts');
  const { pushRecord, pushView } = await import('../output/push-view.ts');
  const { repository, terminal, host, config } = context;
  const folder = await mkdtemp(path.join(tmpdir(), 'vicinity-push-'));
  try {
    terminal.live.draw('packaging …');
    const outputs = Object.values(config.targets).flatMap((target) => target.outputs);
    const source = await buildPackage({ repository, source: config.source, outputs, folder, force });
    for (const warning of source.warnings) terminal.warn(warning);
    const objects = await context.objects();
    const transfers = await planTransfers(objects, source, repository.directory);
    if (!dryRun) {
      await upload(context, transfers);
      await makeLatest(objects, source, host.clock.now());
    }
    const result = { source, transfers, bucket: objects.bucket, dryRun };
    if (context.json) terminal.json(pushRecord(result) satisfies Output<'push'>);
    else terminal.data(pushView(result, terminal.columns, terminal.paint));
    return EXIT.ok;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function upload(context: Context, transfers: Transfer[]): Promise<void> {
  const { sendTransfers } = await import('../source/publish.ts');
  const { terminal, host } = context;
  const total = transfers.filter(({ isThere }) => !isThere).reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = new Progress(terminal, 'uploading', total, () => host.clock.now().getTime());
  try {
    await sendTransfers(await context.objects(), transfers, (bytes) => progress.add(bytes));
  } finally {
    progress.end();
  }
}
