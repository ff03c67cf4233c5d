import type { SlackMessage } from '../../slack/message.ts';

/** A message with every kind of block. */
export const FINISHED: SlackMessage = {
  ts: '1795491545.852000',
  text: 'd_anchor_category succeeded',
  blocks: [
    {
      type: 'header',
      text: { type: 'plain_text', text: ':white_check_mark: d_anchor_category succeeded in 12 s' },
    },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: 'Ran on `c4d-highcpu-32`; *the VM is off* (seen TERMINATED at once).' },
      fields: [
        { type: 'mrkdwn', text: '*Run*\n`20261124-033851-d2b2`' },
        { type: 'mrkdwn', text: '*Cost*\nabout $0.31' },
        { type: 'mrkdwn', text: '*Parameters*\nSTATES=rhode-island' },
      ],
    },
    { type: 'divider' },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: '```boot   0 s\nmake   8 s```\n&gt; two &lt;warnings&gt;' },
    },
    {
      type: 'context',
      elements: [
        { type: 'mrkdwn', text: '<https://console.test/log|build.log>' },
        { type: 'image', alt_text: 'a chart' },
      ],
    },
    { type: 'actions', elements: [] },
  ],
};

export const FAILED: SlackMessage = {
  ts: '1795491546.000000',
  attachments: [{ color: 'danger', text: ':x: *all* failed' }],
};
