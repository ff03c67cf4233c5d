import type { KnownBlock } from '@slack/types';
import type { Status } from '../model/status.ts';
import { describeRun, type RunDescription } from '../presentation/describe-run.ts';
import { redact } from '../redact.ts';
import { code, context, fields, header, section } from './blocks.ts';
import { cut, escapeText, inlineCode } from './escape.ts';
import { more, nextCommands, originText, parametersText, phasesText } from './run-fields.ts';
import type { SlackMessage } from './slack-message.ts';

const MAX_OUTPUTS = 8;
const PATH_CHARACTERS = 120;

const EMOJI: Record<string, string> = {
  succeeded: ':white_check_mark:',
  suspect: ':warning:',
  failed: ':x:',
  cancelled: ':heavy_multiplication_x:',
  'timed-out': ':alarm_clock:',
  lost: ':ghost:',
  'start-failed': ':electric_plug:',
  expired: ':wastebasket:',
};

/** The result of a run: what happened and why, the end of its log after a failure, outputs, and what to do next. */
export function finished(status: Status, logTail: string[]): SlackMessage {
  const run = describeRun(status);
  const blocks = [
    header(`${EMOJI[run.label] ?? ':grey_question:'} ${run.headline}`),
    ...(run.reason ? [section(run.reason)] : []),
    fields(facts(status, run)),
    ...(logTail.length > 0 ? [code(logTail.map(redact))] : []),
    ...outputBlocks(run),
    nextCommands(status),
    context(originText(status)),
  ];
  return { text: run.headline, blocks };
}

function facts(status: Status, run: RunDescription): Record<string, string | undefined> {
  const hasResults = run.next.some(({ command }) => command.startsWith('vicinity pull '));
  return {
    Run: inlineCode(run.runId),
    Cause: run.cause && escapeText(run.cause),
    'Started by': run.startedBy && escapeText(run.startedBy),
    Cost: run.cost && escapeText(run.cost),
    Parameters: parametersText(status),
    Attempt: run.attempt,
    Phases: phasesText(status),
    VM: status.vm.stoppedBy && run.stopProof && escapeText(run.stopProof),
    Results: hasResults ? inlineCode(run.results) : undefined,
  };
}

function outputBlocks({ outputs }: RunDescription): KnownBlock[] {
  if (outputs.length === 0) return [];
  const lines = outputs
    .slice(0, MAX_OUTPUTS)
    .map(({ path, files, size }) => `${inlineCode(cut(path, PATH_CHARACTERS))} ${files}, ${size}`);
  const shown = [...lines, ...more(outputs.length - MAX_OUTPUTS)];
  return [section(shown.map((line) => `• ${line}`).join('\n'), { escaped: true })];
}
