import { describeTime } from '../model/moment.ts';
import type { Status } from '../model/status.ts';
import { headlineOf } from '../presentation/result.ts';
import { context, fields, header } from './blocks.ts';
import { escapeText, inlineCode } from './escape.ts';
import { nextCommands, originText, parametersText } from './run-fields.ts';
import type { SlackMessage } from './slack-message.ts';

/** Where an unfinished run stands: the text that its message is edited to. It is never sent as a new message. */
export function running(status: Status): SlackMessage {
  const { runId, requestedBy, phase, progress, estimate, startedAt } = status;
  const text = headlineOf(status);
  const percent = progress && `, ${Math.floor(progress.fraction * 100)} %`;
  const blocks = [
    header(`:gear: ${text}`),
    fields({
      Run: inlineCode(runId),
      'Started by': requestedBy && escapeText(requestedBy),
      Since: startedAt && describeTime(startedAt),
      'Expected end': estimate && describeTime(estimate.finishAt),
      Phase: phase && escapeText(`${phase}${percent ?? ''}`),
      Parameters: parametersText(status),
    }),
    nextCommands(status),
    context(originText(status)),
  ];
  return { text, blocks };
}
