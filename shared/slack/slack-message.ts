import type { KnownBlock } from '@slack/types';

/** A webhook's message: `text` is what notifications and screen readers show. */
export interface SlackMessage {
  text: string;
  blocks: KnownBlock[];
}
