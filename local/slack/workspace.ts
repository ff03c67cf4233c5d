/** The Slack workspace that the sink stands for. */
export interface Workspace {
  /** The channel's name, without `#`. */
  channel: string;
  /** Name of the app that posts. */
  app: string;
  /** What a person can do while the channel is empty: HTML for the page. */
  emptyHint?: string;
  /** Other names of the channel that a bot may post to. */
  aliases?: string[];
}

export const DEFAULT_WORKSPACE: Workspace = { channel: 'general', app: 'app' };
