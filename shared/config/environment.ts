import { InvalidError } from '../errors.ts';
import { fromEnvironment } from './overrides.ts';
import { type Config, configSchema } from './schema.ts';

export interface Environment {
  config: Config;
  /** Path of a file that holds the Slack webhook's URL, or a bot's token; undefined: no notifications. */
  slackWebhookFile: string | undefined;
  /** Base URL of Compute Engine's API, where it is not Google's own. */
  computeEndpoint: string | undefined;
  /** Base URL of Slack's API, where it is not Slack's own. */
  slackEndpoint: string | undefined;
}

/**
 * What a function reads from its environment: VICINITY_CONFIG (vicinity.yaml as JSON, checked by deploy), the names that
 * override it, VICINITY_SLACK_WEBHOOK_FILE and VICINITY_COMPUTE_ENDPOINT. Throws InvalidError with every fault.
 */
export function readEnvironment(env: Record<string, string | undefined>): Environment {
  const parsed = configSchema.safeParse({
    ...parseJson(env.VICINITY_CONFIG ?? '{}'),
    ...fromEnvironment(env),
  });
  if (!parsed.success) {
    throw new InvalidError(
      parsed.error.issues.map((issue) => ({
        field: `VICINITY_CONFIG ${issue.path.join('.')}`,
        problem: issue.message,
        remedy: 'Deploy again from a valid vicinity.yaml.',
      })),
    );
  }
  return {
    config: parsed.data,
    slackWebhookFile: env.VICINITY_SLACK_WEBHOOK_FILE || undefined,
    computeEndpoint: env.VICINITY_COMPUTE_ENDPOINT || undefined,
    slackEndpoint: env.VICINITY_SLACK_ENDPOINT || undefined,
  };
}

/** The variables that `readEnvironment` reads, and Google's own for the project. Nothing in them is secret. */
export function functionVariables(config: Config, slackWebhookFile: string): Record<string, string> {
  return {
    GOOGLE_CLOUD_PROJECT: config.project,
    VICINITY_PROJECT: config.project,
    VICINITY_ZONE: config.zone,
    VICINITY_INSTANCE: config.instance,
    VICINITY_BUCKET: config.bucket,
    VICINITY_CONFIG: JSON.stringify(config),
    VICINITY_SLACK_WEBHOOK_FILE: slackWebhookFile,
  };
}

function parseJson(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch (error) {
    const problem = `is not JSON (${(error as Error).message})`;
    throw new InvalidError([
      { field: 'VICINITY_CONFIG', problem, remedy: 'Deploy again from a valid vicinity.yaml.' },
    ]);
  }
}
