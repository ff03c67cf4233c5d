import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { type Environment, readEnvironment } from '../config/environment.ts';
import { answerCanary } from '../intake/canary.ts';
import type { Event } from '../intake/decode-event.ts';
import type { Dependencies } from '../reconcile/dependencies.ts';
import { redact } from '../redact.ts';
import { isSlackSecret, readSecret } from '../slack/secret.ts';
import { connect } from './connect.ts';
import { failureEntry, logLine } from './log.ts';

/** Handles one delivered event. Returning acknowledges it; throwing has Pub/Sub deliver it again. */
export type Handler = (deps: Dependencies, environment: Environment, event: Event) => Promise<void>;

interface Ready {
  environment: Environment;
  deps: Dependencies;
}

/** Registers a handler as the CloudEvent function `name`, and returns it. Its clients are made at the first event and kept. */
export function serve(name: string, handler: Handler): (event: CloudEvent<unknown>) => Promise<void> {
  let ready: Ready | undefined;
  const serving = async (event: CloudEvent<unknown>) => {
    try {
      if (!ready) {
        const environment = readEnvironment(process.env);
        ready = { environment, deps: connect(environment) };
      }
      if (await isAnsweredCanary(name, ready, event)) return;
      await handler(ready.deps, ready.environment, event);
    } catch (error) {
      logLine('ERROR', failureEntry(name, error as Error));
      // Functions Framework logs what it catches as it is.
      throw new Error(redact((error as Error).message));
    }
  };
  cloudEvent(name, serving);
  return serving;
}

async function isAnsweredCanary(name: string, { environment, deps }: Ready, event: Event): Promise<boolean> {
  const hasWebhook = () => readSecret(environment.slackWebhookFile ?? '').then(isSlackSecret, () => false);
  return answerCanary(deps, name, hasWebhook, event);
}
