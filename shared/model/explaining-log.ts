import type { Status } from './status.ts';

/** The options of `vicinity logs` by the logs that they print. */
const OPTIONS = { 'build.log': '', 'startup_detail.log': ' --detail', 'serial.log': ' --serial' } as const;
type Log = keyof typeof OPTIONS;

/** Phases of the startup script (docs/reference/vm.md) whose output is not in build.log. */
const LOGS: Readonly<Record<string, Log>> = {
  boot: 'serial.log',
  claim: 'serial.log',
  source: 'startup_detail.log',
  restore: 'startup_detail.log',
  apt: 'startup_detail.log',
  files: 'startup_detail.log',
  script: 'startup_detail.log',
  rust: 'startup_detail.log',
  wheels: 'startup_detail.log',
  python: 'startup_detail.log',
  native: 'startup_detail.log',
  upload: 'serial.log',
};

/** The log of results/<runId>/ that says why the run ended as it did: that of the phase in which it ended. */
export function explainingLog({ phase = '' }: Pick<Status, 'phase'>): Log {
  return LOGS[phase] ?? 'build.log';
}

/** The command that prints this log. */
export function logsCommand({ runId, phase }: Pick<Status, 'runId' | 'phase'>): string {
  return `vicinity logs${OPTIONS[explainingLog({ phase })]} ${runId}`;
}
