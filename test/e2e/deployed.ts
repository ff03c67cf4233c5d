import { webhookUrl } from '../../local/endpoints.ts';
import { BOT_TOKEN } from '../../local/slack/bot-api.ts';
import type { LocalCloud } from '../../sandbox/local-cloud.ts';
import { type Clock, systemClock } from '../../shared/ports/clock.ts';
import { vicinity } from '../cli/support/call.ts';

/** Pauses of Google Cloud are minutes, those of the local cloud less than a second. */
const MAX_PAUSE_MS = 200;
const clock: Clock = { ...systemClock, sleep: (ms) => systemClock.sleep(Math.min(ms, MAX_PAUSE_MS)) };

/** Sets the system up in the cloud's empty project, as its owner does: `vicinity deploy apply --yes`, then the webhook's URL or the bot's token. */
export async function deploy(cloud: LocalCloud, pipeline: string): Promise<void> {
  await deployCommand(cloud, pipeline, ['apply', '--yes']);
  const secret = cloud.config.slack.channel ? BOT_TOKEN : webhookUrl(cloud.endpoints);
  await deployCommand(cloud, pipeline, ['secret'], `${secret}\n`);
}

async function deployCommand(cloud: LocalCloud, cwd: string, args: string[], stdin = ''): Promise<void> {
  const { code, stderr } = await vicinity(['deploy', ...args], { cwd, env: cloud.env(), clock, stdin });
  if (code !== 0)
    throw new Error(`vicinity deploy ${args.join(' ')} ended with exit code ${code}: ${stderr}`);
}
