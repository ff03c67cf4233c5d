import { costSettings } from '../config/costs.ts';
import type { Environment } from '../config/environment.ts';
import { computeInstance } from '../google/compute-instance.ts';
import { restEndpoint } from '../google/endpoints.ts';
import { storageObjects } from '../google/storage-objects.ts';
import { TOPICS, topicName } from '../model/topics.ts';
import { systemClock } from '../ports/clock.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { webhookNotifier } from '../slack/webhook-notifier.ts';
import { logLine } from './log.ts';

/** The control loop's dependencies on Google Cloud and Slack. One per process: every client has a start-up cost. */
export function connect({ config, slackWebhookFile, computeEndpoint }: Environment): Dependencies {
  const { project, zone, instance, bucket } = config;
  const endpoint = restEndpoint(computeEndpoint);
  const objects = storageObjects(bucket, project);
  const costs = costSettings(config);
  return {
    objects,
    instance: computeInstance({ project, zone, name: instance, endpoint, clock: systemClock }),
    notifier: webhookNotifier(slackWebhookFile),
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
