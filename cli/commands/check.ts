import type { Command } from 'commander';
import { describeIssue } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import { type GlobalOptions, type OfflineContext, overridesOf } from '../context/context.ts';
import { findRepository } from '../context/repository.ts';
import { EXIT, type ExitCode } from '../exit/codes.ts';
import { type Call, describeOffline } from './command.ts';

export function checkCommand(call: Call): Command {
  return describeOffline(
    {
      usage: 'check',
      summary: 'check vicinity.yaml, the Makefile and the package, without the cloud',
      details:
        'Checks that the configuration is valid, that the Makefile has its targets, that the package has what make and pip read, ' +
        'that the declared inputs are there, and that each schedule asks for a run that would be accepted. Needs no account. ' +
        'Exit code 2 where something is wrong; warnings alone are 0.',
      examples: [
        ['vicinity check', 'before a push, or in CI'],
        ['vicinity check --json', 'every finding with its level, place and remedy'],
      ],
    },
    call,
    check,
  );
}

async function check({ host, terminal, json }: OfflineContext, options: GlobalOptions): Promise<ExitCode> {
  const { checkRepository } = await import('../check/check.ts');
  const { checkRecord, checkView } = await import('../output/check-view.ts');
  const repository = findRepository(host.cwd, options.config);
  const checked = await checkRepository(repository, {
    env: host.env,
    flags: overridesOf(options),
    now: host.clock.now(),
  });
  const record = checkRecord(checked) satisfies Output<'check'>;
  if (json) terminal.json(record);
  else {
    for (const finding of checked.findings) terminal.finding(finding.level, describeIssue(finding));
    terminal.data(checkView(checked, terminal.columns, terminal.paint));
  }
  return record.ok ? EXIT.ok : EXIT.usage;
}
