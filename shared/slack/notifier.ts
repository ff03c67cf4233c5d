import { triedAgainLater } from '../errors.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { BotOptions } from './bot.ts';
import { isBotToken, readSecret } from './secret.ts';
import { sendByWebhook } from './webhook.ts';

/**
 * Tells people in Slack, by what the secret holds: a webhook's URL, or a bot's token, with which a run has one message that is edited
 * as it goes on, and a thread. Neither client is loaded before there is something to tell.
 */
export function slackNotifier(secretFile: string | undefined, bot: Omit<BotOptions, 'token'>): Notifier {
  return {
    async notify(notification) {
      const secret = secretFile ? await readSecret(secretFile) : '';
      if (isBotToken(secret)) {
        const { sendByBot } = await import('./bot.ts');
        const sent = await sendByBot({ ...bot, token: secret }, notification);
        if ('passing' in sent) throw triedAgainLater(sent.passing, { cause: sent.cause });
        return sent;
      }
      if (URL.canParse(secret)) return sendByWebhook(secret, notification);
      return {
        delivered: false,
        refused: 'No Slack webhook is configured. Set one: vicinity deploy secret.',
      };
    },
    async show(status) {
      const secret = secretFile ? await readSecret(secretFile) : '';
      if (!isBotToken(secret)) return;
      const { showByBot } = await import('./bot.ts');
      await showByBot({ ...bot, token: secret }, status);
    },
  };
}
