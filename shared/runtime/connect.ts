import { costSettings } from '../config/costs.ts';
import type { Environment } from '../config/environment.ts';
import { computeInstance } from '../google/compute-instance.ts';
import { restEndpoint } from '../google/endpoints.ts';
import { storageClient } from '../google/storage-client.ts';
import { storageObjects } from '../google/storage-objects.ts';
import { TOPICS, topicName } from '../model/topics.ts';
import { systemClock } from '../ports/clock.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { slackNotifier } from '../slack/notifier.ts';
import { logLine } from './log.ts';

/** The control loop's dependencies on Google Cloud and Slack. One per process: every client has a start-up cost. */
export function connect({
  config,
  slackWebhookFile,
  slackEndpoint,
  computeEndpoint,
}: Environment): Dependencies {
  const { project, zone, instance, bucket } = config;
  const endpoint = restEndpoint(computeEndpoint, 'VICINITY_COMPUTE_ENDPOINT');
  const storage = storageClient(project);
  const objects = storageObjects(bucket, project, storage);
  const costs = costSettings(config);
  const location = { project, zone, name: instance };
  return {
    objects,
    instance: computeInstance({ ...location, endpoint, auth: storage.authClient, clock: systemClock }),
    notifier: slackNotifier(slackWebhookFile, {
      channel: config.slack.channel,
      apiUrl: slackEndpoint,
      objects,
      async picture(status) {
        const { loadPicture } = await import('../report/write-report.ts');
        return loadPicture(objects, status);
      },
    }),
    clock: systemClock,
    costs,
    async report(status) {
      const { writeReport } = await import('../report/write-report.ts');
      await writeReport(objects, status, {
        now: systemClock.now(),
        machineTypes: config.machineTypes,
        costs,
      });
    },
    finishedTopic: topicName(project, TOPICS.finished),
    log: (entry) => logLine('INFO', entry),
  };
}
