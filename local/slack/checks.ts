import { isMap } from '../core/is-map.ts';
import {
  MAX_ATTACHMENTS,
  MAX_BLOCKS,
  MAX_BLOCKS_TOTAL,
  MAX_CONTEXT_ELEMENTS,
  MAX_FIELD_TEXT,
  MAX_FIELDS,
  MAX_HEADER_TEXT,
  MAX_MESSAGE_TEXT,
  MAX_SECTION_TEXT,
} from './limits.ts';
import type { Payload } from './message.ts';

/** Why Slack would not take a message: the code is Slack's, the detail is ours. */
export interface Refusal {
  code: string;
  detail: string;
}

const BLOCK_TYPES = ['header', 'section', 'context', 'divider', 'image', 'actions'];

/** The body of a webhook call as a payload, or why Slack refuses it. */
export function checkPayload(body: string): { payload: Payload } | { refusal: Refusal } {
  const payload = parse(body);
  if (!isMap(payload)) return refuse('invalid_payload', 'the body is not a JSON object');
  const { text, blocks, attachments } = payload;
  if (text !== undefined && typeof text !== 'string') return refuse('invalid_payload', 'text is not a text');
  if (!text && isEmpty(blocks) && isEmpty(attachments)) {
    return refuse('no_text', 'the message has neither text nor blocks nor attachments');
  }
  if (text && text.length > MAX_MESSAGE_TEXT)
    return refuse('msg_too_long', tooLong('text', text, MAX_MESSAGE_TEXT));
  const problem = attachmentsProblem(attachments) ?? blocksProblem(blocks, 'blocks');
  if (problem) return { refusal: problem };
  return { payload: payload as Payload };
}

function attachmentsProblem(attachments: unknown): Refusal | undefined {
  if (attachments === undefined) return undefined;
  if (!Array.isArray(attachments)) return { code: 'invalid_payload', detail: 'attachments is not a list' };
  if (attachments.length > MAX_ATTACHMENTS) {
    return {
      code: 'too_many_attachments',
      detail: `${attachments.length} attachments; at most ${MAX_ATTACHMENTS}`,
    };
  }
  for (const [index, attachment] of attachments.entries()) {
    const problem = blocksProblem((attachment as Payload).blocks, `attachments[${index}].blocks`);
    if (problem) return problem;
  }
  return undefined;
}

function blocksProblem(blocks: unknown, where: string): Refusal | undefined {
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) return { code: 'invalid_blocks', detail: `${where} is not a list` };
  if (blocks.length > MAX_BLOCKS) {
    return { code: 'invalid_blocks', detail: `${where} has ${blocks.length} blocks; at most ${MAX_BLOCKS}` };
  }
  for (const [index, block] of blocks.entries()) {
    const detail = isMap(block) ? blockProblem(block) : 'is not an object';
    if (detail) return { code: 'invalid_blocks', detail: `${where}[${index}] ${detail}` };
  }
  const total = textsOf(blocks).reduce((sum, text) => sum + text.length, 0);
  if (total <= MAX_BLOCKS_TOTAL) return undefined;
  return {
    code: 'msg_blocks_too_long',
    detail: `${where} have ${total} characters in all; at most ${MAX_BLOCKS_TOTAL}`,
  };
}

function blockProblem(block: Fields): string | undefined {
  const { type, text, fields = [], elements = [] } = block;
  if (!BLOCK_TYPES.includes(String(type)))
    return `is of type ${JSON.stringify(type)}, which the sink does not know`;
  if (!Array.isArray(fields) || !Array.isArray(elements)) return 'has fields or elements that are not a list';
  if (type === 'header') {
    return (
      textProblem('text', text, MAX_HEADER_TEXT) ??
      (isMap(text) && text.type !== 'plain_text' ? 'text of a header must be plain_text' : undefined)
    );
  }
  if (type === 'section') return sectionProblem(text, fields);
  if (type === 'image')
    return typeof block.alt_text === 'string' ? undefined : 'has no alt_text, which an image needs';
  if (type === 'context') return contextProblem(elements);
  return undefined;
}

function sectionProblem(text: unknown, fields: unknown[]): string | undefined {
  if (text === undefined && fields.length === 0)
    return 'has neither text nor fields, and a section needs one';
  if (fields.length > MAX_FIELDS) return `has ${fields.length} fields; at most ${MAX_FIELDS}`;
  const problem = text === undefined ? undefined : textProblem('text', text, MAX_SECTION_TEXT);
  return problem ?? firstOf(fields, (field, index) => textProblem(`fields[${index}]`, field, MAX_FIELD_TEXT));
}

function contextProblem(elements: unknown[]): string | undefined {
  if (elements.length === 0 || elements.length > MAX_CONTEXT_ELEMENTS) {
    return `has ${elements.length} elements; a context has 1 to ${MAX_CONTEXT_ELEMENTS}`;
  }
  return firstOf(elements, (element, index) =>
    isMap(element) && element.type === 'image'
      ? undefined
      : textProblem(`elements[${index}]`, element, MAX_SECTION_TEXT),
  );
}

function textProblem(name: string, text: unknown, most: number): string | undefined {
  if (!isMap(text) || typeof text.text !== 'string' || text.text === '') {
    return `${name} must be a text object with at least one character`;
  }
  if (text.type !== 'mrkdwn' && text.type !== 'plain_text')
    return `${name} must be of type mrkdwn or plain_text`;
  return text.text.length > most ? tooLong(name, text.text, most) : undefined;
}

function tooLong(name: string, text: string, most: number): string {
  return `${name} has ${text.length} characters; at most ${most}`;
}

/** Every `text` value, at any depth. */
function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : textsOf(inner),
  );
}

function firstOf<T>(items: T[], problemOf: (item: T, index: number) => string | undefined) {
  for (const [index, item] of items.entries()) {
    const problem = problemOf(item, index);
    if (problem) return problem;
  }
  return undefined;
}

type Fields = Record<string, unknown>;

function isEmpty(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.length === 0);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function refuse(code: string, detail: string): { refusal: Refusal } {
  return { refusal: { code, detail } };
}
