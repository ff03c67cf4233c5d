import { topicName } from '../../shared/model/topics.ts';
import { shellWord } from '../../shared/shell-word.ts';
import type { Push, SubscriptionProperties } from '../table/resource.ts';
import type { CommandsOf, Deployment } from './deployment.ts';
import { commandLines, pairs } from './shell.ts';

/** The topic of a subscription cannot be changed: one of another topic makes way. */
export const subscriptionCommands: CommandsOf<'subscription'> = (
  change,
  { name, properties },
  deployment,
) => {
  const { topic, push } = properties;
  const makesWay = change.action === 'update' && change.differs('topic');
  const action = makesWay ? 'create' : change.action;
  return [
    ...(makesWay ? commandLines(`gcloud pubsub subscriptions delete ${name}`) : []),
    ...(push ? urlLines(push, deployment) : []),
    ...commandLines(`gcloud pubsub subscriptions ${action} ${name}`, [
      ...(action === 'create' ? [`--topic=${topic}`] : unwanted(properties)),
      ...delivery(properties),
      ...(push ? pushFlags(push, topic, deployment) : []),
    ]),
  ];
};

/** Flags that take away what an existing subscription must not have. */
function unwanted({ retry, deadLetter, push }: SubscriptionProperties): string[] {
  return [
    ...(retry ? [] : ['--clear-retry-policy']),
    ...(deadLetter ? [] : ['--clear-dead-letter-policy']),
    ...(push ? [] : ['--push-endpoint=']),
  ];
}

function delivery({
  ackDeadlineSeconds,
  retentionSeconds,
  retry,
  deadLetter,
}: SubscriptionProperties): string[] {
  return [
    `--ack-deadline=${ackDeadlineSeconds}`,
    `--message-retention-duration=${retentionSeconds}s`,
    '--expiration-period=never',
    ...(retry ? [`--min-retry-delay=${retry.minimum}s`, `--max-retry-delay=${retry.maximum}s`] : []),
    ...(deadLetter
      ? [`--dead-letter-topic=${deadLetter.topic}`, `--max-delivery-attempts=${deadLetter.attempts}`]
      : []),
  ];
}

/** The address of a function is known once it is deployed. */
function urlLines({ function: name }: Push, { region }: Deployment): string[] {
  return [
    `url=$(gcloud functions describe ${name} --gen2 --region=${region} --format='value(serviceConfig.uri)')`,
  ];
}

function pushFlags({ account }: Push, topic: string, { project }: Deployment): string[] {
  return [
    `--push-endpoint="$url/${topicName(project, topic)}"`,
    `--push-auth-service-account=${account}`,
    '--push-auth-token-audience="$url"',
  ];
}

/** Whether a job is paused is left alone. */
export const scheduleCommands: CommandsOf<'schedule'> = ({ action }, { name, properties }, { region }) => {
  const { cron, timeZone, topic, data, attributes, retries } = properties;
  return commandLines(`gcloud scheduler jobs ${action} pubsub ${name}`, [
    `--location=${region}`,
    `--schedule=${shellWord(cron)}`,
    `--time-zone=${shellWord(timeZone)}`,
    `--topic=${topic}`,
    ...(data ? [`--message-body=${shellWord(data)}`] : []),
    `--${action === 'create' ? '' : 'update-'}attributes=${shellWord(pairs(attributes))}`,
    `--max-retry-attempts=${retries}`,
  ]);
};
