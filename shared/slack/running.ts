import { describeTime } from '../model/moment.ts';
import type { Status } from '../model/status.ts';
import { commands, context, fields, header } from './blocks.ts';
import { escapeText, inlineCode } from './escape.ts';
import { parametersText, placeText } from './finished.ts';
import type { SlackMessage } from './slack-message.ts';

/** Where a run stands that goes on: for a message that is edited, and never sent. */
export function running(status: Status): SlackMessage {
  const { target, runId, requestedBy, params, phase, progress, estimate, startedAt } = status;
  const text = `${target} is running`;
  const percent = progress && `, ${Math.floor(progress.fraction * 100)} %`;
  const blocks = [
    header(`:gear: ${text}`),
    fields({
      Run: inlineCode(runId),
      'Asked for by': requestedBy && escapeText(requestedBy),
      Since: startedAt && describeTime(startedAt),
      'Expected end': estimate && describeTime(estimate.finishAt),
      Phase: phase && escapeText(`${phase}${percent ?? ''}`),
      Parameters: parametersText(params),
    }),
    commands({ 'Follow it': `vicinity logs ${runId} --follow`, 'Cancel it': `vicinity cancel ${runId}` }),
    context(placeText(status)),
  ];
  return { text, blocks };
}
