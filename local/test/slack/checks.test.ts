import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPayload } from '../../slack/checks.ts';

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const field = (text: string) => ({ type: 'mrkdwn', text });
const header = (text: string) => ({ type: 'header', text: { type: 'plain_text', text } });
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const a = (count: number) => 'a'.repeat(count);

const REFUSED: [name: string, body: unknown, code: string, detail: string][] = [
  ['a list', [], 'invalid_payload', 'the body is not a JSON object'],
  ['text that is none', { text: 1 }, 'invalid_payload', 'text is not a text'],
  ['nothing to show', {}, 'no_text', 'the message has neither text nor blocks nor attachments'],
  ['too much text', { text: a(40_001) }, 'msg_too_long', 'text has 40001 characters; at most 40000'],
  [
    '51 blocks',
    { blocks: many(51, { type: 'divider' }) },
    'invalid_blocks',
    'blocks has 51 blocks; at most 50',
  ],
  [
    'a long section',
    { blocks: [section(a(3001))] },
    'invalid_blocks',
    'blocks[0] text has 3001 characters; at most 3000',
  ],
  [
    'an empty section',
    { blocks: [{ type: 'section' }] },
    'invalid_blocks',
    'blocks[0] has neither text nor fields, and a section needs one',
  ],
  [
    'a long header',
    { blocks: [header(a(151))] },
    'invalid_blocks',
    'blocks[0] text has 151 characters; at most 150',
  ],
  [
    'a header in mrkdwn',
    { blocks: [{ type: 'header', text: field('a') }] },
    'invalid_blocks',
    'blocks[0] text of a header must be plain_text',
  ],
  [
    '11 fields',
    { blocks: [{ type: 'section', fields: many(11, field('a')) }] },
    'invalid_blocks',
    'blocks[0] has 11 fields; at most 10',
  ],
  [
    'a long field',
    { blocks: [{ type: 'section', fields: [field(a(2001))] }] },
    'invalid_blocks',
    'blocks[0] fields[0] has 2001 characters; at most 2000',
  ],
  [
    'an empty text',
    { blocks: [section('')] },
    'invalid_blocks',
    'blocks[0] text must be a text object with at least one character',
  ],
  [
    'an unknown text type',
    { blocks: [{ type: 'section', text: { type: 'markdown', text: 'a' } }] },
    'invalid_blocks',
    'blocks[0] text must be of type mrkdwn or plain_text',
  ],
  [
    'an empty context',
    { blocks: [{ type: 'context', elements: [] }] },
    'invalid_blocks',
    'blocks[0] has 0 elements; a context has 1 to 10',
  ],
  [
    'an unknown block',
    { blocks: [{ type: 'video' }] },
    'invalid_blocks',
    'blocks[0] is of type "video", which the sink does not know',
  ],
  ['a block that is none', { blocks: [null] }, 'invalid_blocks', 'blocks[0] is not an object'],
  [
    'an image without words',
    { blocks: [{ type: 'image' }] },
    'invalid_blocks',
    'blocks[0] has no alt_text, which an image needs',
  ],
  [
    'too much in all',
    { blocks: many(5, section(a(2700))) },
    'msg_blocks_too_long',
    'blocks have 13500 characters in all; at most 13200',
  ],
  [
    '101 attachments',
    { attachments: many(101, { text: 'a' }) },
    'too_many_attachments',
    '101 attachments; at most 100',
  ],
  [
    'a fault in an attachment',
    { attachments: [{ blocks: [{ type: 'video' }] }] },
    'invalid_blocks',
    'attachments[0].blocks[0] is of type "video", which the sink does not know',
  ],
];

for (const [name, body, code, detail] of REFUSED) {
  test(`refuses ${name}`, () => {
    assert.deepEqual(checkPayload(JSON.stringify(body)), { refusal: { code, detail } });
  });
}

test('refuses what is not JSON', () => {
  assert.deepEqual(checkPayload('{'), {
    refusal: { code: 'invalid_payload', detail: 'the body is not a JSON object' },
  });
});

test('takes what is just within the limits', () => {
  const blocks = [header(a(150)), section(a(3000)), { type: 'section', fields: many(10, field(a(1000))) }];
  assert.deepEqual(checkPayload(JSON.stringify({ blocks: blocks.slice(0, 2) })), {
    payload: { blocks: blocks.slice(0, 2) },
  });
  assert.ok('payload' in checkPayload(JSON.stringify({ blocks: many(50, section(a(264))) })));
});
