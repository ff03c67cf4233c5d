import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { InvalidError, type ValidationIssue } from '../errors.ts';
import { isMap } from '../is-map.ts';
import { didYouMean } from '../model/did-you-mean.ts';
import { plainWords } from '../model/plain-words.ts';
import { fromEnvironment, type Overrides, withoutAbsent } from './overrides.ts';
import { type Config, configSchema } from './schema.ts';

export const CONFIG_FILE = 'vicinity.yaml';
/** UTF-16, which some Windows programs write, read as UTF-8. The byte order mark of UTF-8 itself is fine: YAML allows it. */
const NOT_UTF8 = /^\ufffd\ufffd|\0/;

export interface ConfigSources {
  /** Text of vicinity.yaml; absent: defaults. */
  text?: string;
  /** Name of the file in messages. */
  file?: string;
  env: Record<string, string | undefined>;
  flags?: Overrides;
}

/**
 * The configuration, by precedence: flag, environment, file, default.
 * Throws InvalidError with every fault at once, each with its line.
 */
export function loadConfig({ text = '', file = CONFIG_FILE, env, flags = {} }: ConfigSources): Config {
  if (NOT_UTF8.test(text)) throw new InvalidError([notUtf8(file)]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map((error) =>
    yamlIssue(file, error.message, lines.linePos(error.pos[0]).line),
  );
  if (syntax.length > 0) throw new InvalidError(syntax);
  const content: unknown = document.toJS() ?? {};
  const layered = isMap(content) ? { ...content, ...fromEnvironment(env), ...withoutAbsent(flags) } : content;
  const parsed = configSchema.safeParse(layered, { error: plainWords });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap(separated);
  issues.sort((one, other) => lineOf(one.path) - lineOf(other.path));
  throw new InvalidError(issues.map((issue) => issueOf(issue, `${file}:${lineOf(issue.path)}`)));

  /** The line of the deepest part of the path that the file has. */
  function lineOf(path: PropertyKey[]): number {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
}

/** Several unknown keys are one issue to zod; here each is one, with its own path. */
function separated(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'unrecognized_keys') return [issue];
  return issue.keys.map((key) => ({ ...issue, keys: [key], path: [...issue.path, key] }));
}

function issueOf(issue: z.core.$ZodIssue, where: string): ValidationIssue {
  const field = `${where} ${issue.path.map(String).join('.') || 'the file'}`;
  if (issue.code !== 'unrecognized_keys')
    return { field, problem: messageOf(issue), remedy: 'See docs/reference/configuration.md.' };
  const [key = ''] = issue.keys;
  const remedy = didYouMean(key, knownKeys(issue.path.slice(0, -1)));
  return {
    field,
    problem: 'is not a setting',
    remedy: remedy ?? 'Remove it, or see docs/reference/configuration.md.',
  };
}

/** A key that breaks its rule: the rule's own words, which zod keeps inside. */
function messageOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
}

/** Setting names beside an unknown one: those of the part of the schema that the path leads to. */
function knownKeys(path: PropertyKey[]): string[] {
  const part = path.reduce<z.ZodType | undefined>((schema, key) => inside(schema, key), configSchema);
  return part instanceof z.ZodObject ? Object.keys(part.shape) : [];
}

/** The schema of what a key of the schema's values holds. */
function inside(schema: z.ZodType | undefined, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType);
  return schema instanceof z.ZodObject ? unwrapped(schema.shape[String(key)]) : undefined;
}

/** Without what makes it optional or gives it a default. */
function unwrapped(schema: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return unwrapped(schema.unwrap());
  return schema instanceof z.ZodType ? schema : undefined;
}

function yamlIssue(file: string, message: string, line: number): ValidationIssue {
  return { field: `${file}:${line}`, problem: `is not YAML: ${message}`, remedy: 'Correct the line.' };
}

function notUtf8(file: string): ValidationIssue {
  return {
    field: file,
    problem: 'is not UTF-8 text',
    remedy: 'Save it as UTF-8; Windows editors may have chosen UTF-16.',
  };
}
