import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { configSchema } from '../shared/config/schema.ts';

/** The published JSON Schema of vicinity.yaml. */
export const SCHEMA_FILE = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  'docs/reference/vicinity.schema.json',
);

/**
 * The JSON Schema that the zod schema amounts to, as draft 7, which every editor understands. Rules that JSON Schema cannot say
 * (bounds of durations, the default target among the targets) are left out: an editor then accepts more than the command does.
 */
export function configJsonSchema() {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
}

/** As the repository's formatter has it: a list that fits into its line stays there. */
export function configJsonSchemaText(): string {
  const text = JSON.stringify(configJsonSchema(), null, 2);
  return `${text.replaceAll(LIST_OF_STRINGS, onOneLine)}\n`;
}

const LINE_WIDTH = 110;
/** Everything before the list in its line, the list, and a comma. */
const LIST_OF_STRINGS = /^(.*)(\[\n\s+"[^"\n]*"(?:,\n\s+"[^"\n]*")*\n\s+\])(,?)$/gm;

function onOneLine(whole: string, before: string, list: string, comma: string): string {
  const texts = (JSON.parse(list) as string[]).map((text) => JSON.stringify(text));
  const line = `${before}[${texts.join(', ')}]${comma}`;
  return line.length <= LINE_WIDTH ? line : whole;
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, configJsonSchemaText());
