/** Limits of Slack messages (https://docs.slack.dev/reference/block-kit/blocks), in characters unless named otherwise. */

export const MAX_BLOCKS = 50;
export const MAX_SECTION_TEXT = 3000;
export const MAX_HEADER_TEXT = 150;
export const MAX_FIELDS = 10;
export const MAX_FIELD_TEXT = 2000;
export const MAX_CONTEXT_ELEMENTS = 10;
export const MAX_ATTACHMENTS = 100;
export const MAX_MESSAGE_TEXT = 40_000;
/** All texts of all blocks together; not documented, observed. */
export const MAX_BLOCKS_TOTAL = 13_200;
