import { durationMs } from '../core/duration.ts';
import { invalid, notImplemented } from '../http/api-error.ts';
import type { Job, JobRequest, PubsubTarget, RetryConfig } from './job.ts';
import { nextFiring } from './schedule.ts';

const NAME = /^projects\/[^/]+\/locations\/[^/]+\/jobs\/[\w-]{1,500}$/;
const TOPIC = /^projects\/[^/]+\/topics\/[^/]+$/;
const MAX_DESCRIPTION = 500;
const MAX_RETRIES = 5;

const DEFAULT_RETRY: RetryConfig = {
  maxRetryDuration: '0s',
  minBackoffDuration: '5s',
  maxBackoffDuration: '3600s',
  maxDoublings: 5,
};

/** The parts of a job that are its owner's to say, with the defaults filled in, or a refusal that names the field. */
export function checkJob(
  request: JobRequest,
  now: Date,
): Omit<Job, 'state' | 'userUpdateTime' | 'scheduleTime' | 'lastAttemptTime' | 'status'> {
  const { name = '', description, schedule = '', timeZone = 'UTC' } = request;
  if (!NAME.test(name))
    throw invalid(
      `${JSON.stringify(name)} is not a job's name: projects/PROJECT/locations/LOCATION/jobs/JOB, where JOB has 1 to ` +
        '500 letters, digits, hyphens or underscores.',
    );
  if ((description ?? '').length > MAX_DESCRIPTION)
    throw invalid(`The description of a job may have ${MAX_DESCRIPTION} characters.`);
  nextFiring(schedule, timeZone, now);
  return {
    name,
    ...(description !== undefined && { description }),
    pubsubTarget: checkTarget(request),
    schedule,
    timeZone,
    retryConfig: checkRetry({ ...DEFAULT_RETRY, ...request.retryConfig }),
  };
}

function checkTarget(request: JobRequest): PubsubTarget {
  const unsupported = ['httpTarget', 'appEngineHttpTarget'].find((target) => target in request);
  if (unsupported) throw notImplemented(`${unsupported} (Scheduler)`);
  const { topicName = '', data, attributes = {} } = request.pubsubTarget ?? {};
  if (!TOPIC.test(topicName))
    throw invalid(
      `pubsubTarget.topicName is ${JSON.stringify(topicName)}; it must be projects/PROJECT/topics/TOPIC.`,
    );
  if (!data && Object.keys(attributes).length === 0)
    throw invalid('pubsubTarget needs data that is not empty, or at least one attribute.');
  return {
    topicName,
    ...(data && { data }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
  };
}

function checkRetry(retry: RetryConfig): RetryConfig {
  const { retryCount = 0, maxRetryDuration, minBackoffDuration, maxBackoffDuration } = retry;
  if (!Number.isInteger(retryCount) || retryCount < 0 || retryCount > MAX_RETRIES)
    throw invalid(`retryConfig.retryCount is ${retryCount}; it must be from 0 to ${MAX_RETRIES}.`);
  durationMs(maxRetryDuration, 'retryConfig.maxRetryDuration');
  const minimum = durationMs(minBackoffDuration, 'retryConfig.minBackoffDuration');
  if (minimum > durationMs(maxBackoffDuration, 'retryConfig.maxBackoffDuration'))
    throw invalid('retryConfig.minBackoffDuration is longer than maxBackoffDuration.');
  return retry;
}
