/** A job in its JSON form (https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs). */
export interface Job {
  name: string;
  description?: string;
  pubsubTarget: PubsubTarget;
  /** Unix cron, read in `timeZone`. */
  schedule: string;
  timeZone: string;
  retryConfig: RetryConfig;
  state: 'ENABLED' | 'PAUSED';
  userUpdateTime: string;
  /** When it fires next, be it a retry; absent while it is paused. RFC 3339, like all its times. */
  scheduleTime?: string;
  lastAttemptTime?: string;
  /** What became of the last attempt; without `code`, it went well. */
  status?: { code?: number; message?: string };
}

export interface PubsubTarget {
  topicName: string;
  /** Base64. */
  data?: string;
  attributes?: Record<string, string>;
}

export interface RetryConfig {
  /** 0 unless told: a failed attempt is not repeated. */
  retryCount?: number;
  /** `0s`: without limit. */
  maxRetryDuration: string;
  minBackoffDuration: string;
  maxBackoffDuration: string;
  maxDoublings: number;
}

/** What a client may say of a job. */
export interface JobRequest {
  name?: string;
  description?: string;
  pubsubTarget?: Partial<PubsubTarget>;
  schedule?: string;
  timeZone?: string;
  retryConfig?: Partial<RetryConfig>;
}
