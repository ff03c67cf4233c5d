import { triedAgainLater } from '../errors.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { BotOptions } from './bot.ts';
import { isBotToken, readSecret } from './secret.ts';
import { sendByWebhook } from './webhook.ts';

/**
 * Notifies people in Slack, by what the secret holds: the URL of a webhook, which posts every event as a message, or the token of a
 * bot, with which a run has one message that is edited, and a thread. Neither client is loaded before it is needed.
 */
export function slackNotifier(secretFile: string | undefined, bot: Omit<BotOptions, 'token'>): Notifier {
  return {
    async notify(notification) {
      const secret = secretFile ? await readSecret(secretFile) : '';
      if (isBotToken(secret)) {
        const { sendByBot } = await import('./bot.ts');
        const sent = await sendByBot({ ...bot, token: secret }, notification);
        if ('transient' in sent) throw triedAgainLater(sent.transient, { cause: sent.cause });
        return sent;
      }
      if (URL.canParse(secret)) return sendByWebhook(secret, notification);
      return {
        delivered: false,
        refused: 'Slack is not configured. Set a webhook URL or a bot token with vicinity deploy secret.',
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
