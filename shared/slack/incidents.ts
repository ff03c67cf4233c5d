import { describeIssue } from '../errors.ts';
import { describeTime } from '../model/moment.ts';
import type { Notification } from '../model/notification.ts';
import { redact } from '../redact.ts';
import { scheduleJobId } from '../schedule/job.ts';
import { code, commands, context, header, section } from './blocks.ts';
import type { SlackMessage } from './slack-message.ts';

/** Messages that do not belong to a run. */

/** Shown of a refused request. */
const REQUEST_CHARACTERS = 600;

export function orphanVm({
  instance,
  zone,
  onSince,
}: Extract<Notification, { event: 'orphan-vm' }>): SlackMessage {
  const text = `${instance} is on without a run`;
  const hold = `gcloud compute instances add-labels ${instance} --zone=${zone} --labels=vicinity-hold=true`;
  return {
    text,
    blocks: [
      header(`:money_with_wings: ${text}`),
      section(`It has been on since ${describeTime(onSince)} and is being stopped now.`),
      commands({ 'Keep it on next time': hold }),
    ],
  };
}

export function damaged({
  object,
  problem,
  runId,
}: Extract<Notification, { event: 'damaged' }>): SlackMessage {
  const text = runId ? `Run ${runId} cannot continue` : 'No run can start';
  const consequence = runId
    ? 'The run is set aside. All other runs continue.'
    : 'Requests are accepted and wait. Move the object away: the next sweep rebuilds the queue from the runs.';
  const [folder = '', name = ''] = object.split(/\/(?=[^/]*$)/);
  return {
    text,
    blocks: [
      header(`:warning: ${text}`),
      section(`\`${redact(object)}\` does not match its schema: ${redact(problem)}. ${consequence}`),
      commands({
        'Inspect it': `gcloud storage cat ${object}`,
        ...(!runId && { Repair: `gcloud storage mv ${object} ${folder}/damaged/${name}` }),
      }),
    ],
  };
}

export function missedSchedule({
  schedule,
  due,
  region,
}: Extract<Notification, { event: 'missed-schedule' }>): SlackMessage {
  const text = `The scheduled run ${schedule} did not start`;
  const job = `${scheduleJobId(schedule)} --location=${region}`;
  return {
    text,
    blocks: [
      header(`:calendar: ${text}`),
      section(
        `It was due on ${describeTime(due)}, but no request arrived. Its Cloud Scheduler job may be paused or deleted.`,
      ),
      commands({
        'Inspect the job': `gcloud scheduler jobs describe ${job}`,
        'Run it now': `gcloud scheduler jobs run ${job}`,
        'If this is intended': `vicinity schedule pause ${schedule}`,
      }),
    ],
  };
}

export function rejected({
  messageId,
  issues,
  request,
}: Extract<Notification, { event: 'rejected' }>): SlackMessage {
  const text = 'A request was refused';
  const list = issues.map((issue) => `• ${describeIssue(issue)}`).join('\n');
  return {
    text,
    blocks: [
      header(`:no_entry: ${text}`),
      section(redact(list)),
      code([redact(request) || '(empty)'], REQUEST_CHARACTERS),
      context(`Message ${messageId}. Nothing was started. The request is not retried.`),
    ],
  };
}
