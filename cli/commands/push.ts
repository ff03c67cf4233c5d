import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { describeIssue } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { OnBytes } from '../../shared/ports/files.ts';
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
        'The package holds the tracked files as they are in the work tree, committed or not, and names the declared ' +
        'inputs, which travel by their content hash. Pushing the same tree again uploads nothing. Every run that is ' +
        'requested afterwards uses this package.',
      examples: [
        ['vicinity push', 'package and upload'],
        ['vicinity push --dry-run', 'show what would be uploaded'],
      ],
    },
    call,
    push,
  )
    .option('-n, --dry-run', 'upload nothing')
    .option('--force', 'leave out what is missing or unusable, with a warning');
}

async function push(context: Context, { dryRun = false, force = false }: PushOptions): Promise<ExitCode> {
  const { checkBeforePush } = await import('../check/check-before-push.ts');
  const { buildPackage } = await import('../source/package.ts');
  const { makeLatest, planTransfers } = await import('../source/publish.ts');
  const { warnOfStaleConfig } = await import('../context/stale-config.ts');
  const { pushRecord, pushView } = await import('../output/push-view.ts');
  const { repository, terminal, host, config } = context;
  const folder = await mkdtemp(path.join(tmpdir(), 'vicinity-push-'));
  try {
    const outputs = Object.values(config.targets).flatMap((target) => target.outputs);
    const onStart = progressOf(context, 'packaging');
    const source = await buildPackage({ repository, source: config.source, outputs, folder, force, onStart });
    terminal.live.clear();
    for (const warning of source.warnings) terminal.warn(warning);
    for (const finding of await checkBeforePush(repository.directory, config, host.env))
      terminal.warn(describeIssue(finding));
    const objects = await context.objects();
    const transfers = await planTransfers(objects, source, repository.directory);
    if (!dryRun) {
      await upload(context, transfers);
      await makeLatest(objects, source, host.clock.now());
    }
    await warnOfStaleConfig(context);
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
  const total = transfers.filter(({ isThere }) => !isThere).reduce((sum, { bytes }) => sum + bytes, 0);
  await sendTransfers(await context.objects(), transfers, progressOf(context, 'uploading')(total));
  context.terminal.live.clear();
}

/** Draws a bar on the terminal's live line, which is cleared when the command ends. */
function progressOf({ terminal, host }: Context, label: string): (totalBytes: number) => OnBytes {
  return (totalBytes) => {
    const progress = new Progress(terminal, label, totalBytes, () => host.clock.now().getTime());
    return (bytes) => progress.add(bytes);
  };
}
