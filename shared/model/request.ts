import { z } from 'zod';
import { duration } from '../config/duration.ts';
import { machineType, PARAM_NAME, RUN_ID, SHA256, TARGET } from '../config/names.ts';
import type { ValidationIssue } from '../errors.ts';
import { isMap } from '../is-map.ts';
import { parseJson, parseJsonNumbersAsText } from '../parse-json.ts';
import { looksSecret, redact } from '../redact.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Message } from './message.ts';
import { plainWords } from './plain-words.ts';

/** Largest request: far above any real one, far below the 256 KB that a metadata value may hold. */
export const MAX_REQUEST_BYTES = 64 * 1024;

const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !looksSecret(value), 'looks like a secret, which does not belong in a request');
/** People type numbers and booleans where the Makefile wants text. A number is left only if it did not keep its text (parseData). */
const value = z
  // Not z.number(), which refuses the Infinity that 1e400 is.
  .union(
    [z.string(), z.boolean(), z.custom<number>((value) => typeof value === 'number')],
    'must be text, a number, true or false',
  )
  .refine(
    (value) => typeof value !== 'number',
    'is a number that JSON does not keep exactly: write it as text, in quotes',
  )
  .transform(String);

const requestSchema = z.strictObject({
  action: z.enum(['run', 'cancel'], 'must be run or cancel').optional(),
  runId: z.string().regex(RUN_ID, 'must be a run id such as 20261124-030000-1a2b').optional(),
  target: z.string().regex(TARGET, 'must be one make target: letters, digits and . _ / - only').optional(),
  source: z
    .string()
    .refine((source) => source === 'latest' || SHA256.test(source), "must be 'latest' or a package's SHA-256")
    .optional(),
  params: z
    .record(z.string().regex(PARAM_NAME, 'must be an upper-case make variable name'), value)
    .optional(),
  machineType: machineType.optional(),
  maxDuration: duration('30s', '120d').optional(),
  onBusy: z.enum(['queue', 'skip'], 'must be queue or skip').optional(),
  requestId: text(200).optional(),
  requestedBy: text(200).optional(),
});

export type Request = z.output<typeof requestSchema>;
export type ParsedRequest = { request: Request } | { issues: ValidationIssue[] };

const FIELDS = Object.keys(requestSchema.shape);
/** Attributes that are not the user's: Google's own, and the Scheduler job's name (see triggerOf). */
const FOREIGN_ATTRIBUTE = /^(goog|ce-|schedule$)/;

/** Reads a request from a message's data and attributes; reports every fault at once. */
export function parseRequest(message: Message): ParsedRequest {
  const size = Buffer.byteLength(message.data) + Buffer.byteLength(JSON.stringify(message.attributes));
  if (size > MAX_REQUEST_BYTES) return { issues: [tooLarge(size)] };
  const data = parseData(message.data);
  const attributes = parseAttributes(message.attributes);
  const issues = [...data.issues, ...attributes.issues, ...conflicts(data.fields, attributes.fields)];
  const params = mergeParams(data.fields.params, attributes.fields.params);
  const merged = { ...attributes.fields, ...data.fields, ...(params !== undefined && { params }) };
  const parsed = requestSchema.safeParse(merged, { error: plainWords });
  if (!parsed.success) issues.push(...parsed.error.issues.flatMap(issuesOfIssue));
  else if (parsed.data.runId !== undefined && parsed.data.action !== 'cancel')
    issues.push(RUN_ID_WITHOUT_CANCEL);
  return issues.length > 0 || !parsed.success ? { issues } : { request: parsed.data };
}

/** Somebody wants to end a run: a new one of many hours would be the opposite. */
const RUN_ID_WITHOUT_CANCEL: ValidationIssue = {
  field: 'runId',
  problem: 'is only for action cancel: a new run gets an id of its own',
  remedy:
    'To cancel that run: {"action": "cancel", "runId": "…"}. For a run of your own key, give a requestId.',
};

type Fields = Record<string, unknown>;
interface Part {
  fields: Fields;
  issues: ValidationIssue[];
}

function parseData(data: string): Part {
  if (data.trim() === '') return { fields: {}, issues: [] };
  const parsed = parseJsonObject(data);
  if (!parsed) return { fields: {}, issues: [notJson('message', data, MESSAGE_REMEDY)] };
  const { params } = mapOf(parseJsonNumbersAsText(data));
  return { fields: { ...parsed, ...(params !== undefined && { params }) }, issues: [] };
}

function parseAttributes(attributes: Record<string, string>): Part {
  const fields: Fields = {};
  const params: Fields = {};
  const issues: ValidationIssue[] = [];
  for (const [name, text] of Object.entries(attributes)) {
    if (FOREIGN_ATTRIBUTE.test(name)) continue;
    if (PARAM_NAME.test(name)) params[name] = text;
    else if (name === 'params') {
      const parsed = parseJsonNumbersAsText(text);
      if (isMap(parsed)) Object.assign(params, parsed);
      else issues.push(notJson('params', text, PARAMS_REMEDY));
    } else fields[name] = text;
  }
  return { fields: Object.keys(params).length > 0 ? { ...fields, params } : fields, issues };
}

/** A field may come as data or as attribute; both are fine only where they agree. */
function conflicts(data: Fields, attributes: Fields): ValidationIssue[] {
  const fields = FIELDS.filter((name) => name !== 'params');
  return [
    ...conflictsOf(fields, data, attributes, ''),
    ...conflictsOf(Object.keys(mapOf(data.params)), mapOf(data.params), mapOf(attributes.params), 'params.'),
  ];
}

function conflictsOf(names: string[], data: Fields, attributes: Fields, prefix: string): ValidationIssue[] {
  return names
    .filter((name) => Object.hasOwn(data, name) && Object.hasOwn(attributes, name))
    .filter((name) => String(data[name]) !== String(attributes[name]))
    .map((name) => ({
      field: `${prefix}${name}`,
      problem: 'is given twice, with different values, in the data and as an attribute',
      remedy: 'Give it once.',
    }));
}

function mapOf(value: unknown): Fields {
  return isMap(value) ? value : {};
}

/** Not an object: left as it is, for the schema to report. */
function mergeParams(data: unknown, attributes: unknown): unknown {
  return isMap(data) ? { ...mapOf(attributes), ...data } : (data ?? attributes);
}

function issuesOfIssue(issue: z.core.$ZodIssue): ValidationIssue[] {
  const field = issue.path.join('.') || 'message';
  if (issue.code === 'unrecognized_keys') return issue.keys.map(unknownField);
  if (issue.code === 'invalid_key') {
    return [{ field, problem: 'is not an upper-case make variable name', remedy: 'Write it like STATES.' }];
  }
  return [{ field, problem: issue.message, remedy: 'Correct it and publish the request again.' }];
}

function unknownField(name: string): ValidationIssue {
  const remedy = PARAM_NAME.test(name)
    ? `Put make variables under params: {"params": {"${name}": "…"}}.`
    : (didYouMean(name, FIELDS) ??
      `The fields are ${FIELDS.join(', ')}; a make variable is written in upper case.`);
  return { field: name, problem: 'is not a field of a request', remedy };
}

const BYTE_ORDER_MARK = '\ufeff';
const MESSAGE_REMEDY = 'Write it like {"target": "all"}, or use attributes: --attribute=target=all.';
const PARAMS_REMEDY =
  'Write it like {"STATES": "massachusetts"}, or each variable as an attribute of its own: --attribute=STATES=massachusetts.';

function notJson(field: string, text: string, remedy: string): ValidationIssue {
  if (text.startsWith(BYTE_ORDER_MARK))
    return {
      field,
      problem: 'begins with a byte order mark (U+FEFF), which JSON does not allow',
      remedy: 'Save the file as UTF-8 without BOM, or pass the text itself.',
    };
  return {
    field,
    problem: `is not a JSON object: ${JSON.stringify(redact(text).slice(0, 60))}`,
    remedy,
  };
}

function tooLarge(bytes: number): ValidationIssue {
  return {
    field: 'message',
    problem: `has ${bytes} bytes, more than the ${MAX_REQUEST_BYTES} that a request may have`,
    remedy: 'Put data into the source package or a declared input, and only its name into the request.',
  };
}

function parseJsonObject(text: string): Fields | undefined {
  const parsed = parseJson(text);
  return isMap(parsed) ? parsed : undefined;
}
