import type { Workspace } from '../local/slack/workspace.ts';
import type { Config } from '../shared/config/schema.ts';

/** The Slack channel that local messages go to. */
export const CHANNEL = 'vicinity';

export function workspaceOf({ slack }: Config): Workspace {
  return {
    channel: CHANNEL,
    app: 'vicinity',
    emptyHint: 'Start a run: <code>vicinity run</code>',
    aliases: slack.channel ? [slack.channel] : [],
  };
}
