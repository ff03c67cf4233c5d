import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { configSchema } from '../shared/config/schema.ts';
import { OUTPUT_OF_COMMAND, OUTPUTS } from '../shared/json-schemas/documents.ts';

const REFERENCE = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs/reference');
/** The published JSON Schema of vicinity.yaml. */
export const SCHEMA_FILE = join(REFERENCE, 'vicinity.schema.json');
/** Those of what the command prints with --json. */
export const OUTPUT_FOLDER = join(REFERENCE, 'output');

/**
 * The JSON Schema that the zod schema amounts to, as draft 7, which every editor understands. Rules that JSON Schema cannot say
 * (bounds of durations, the default target among the targets) are left out: an editor then accepts more than the command does.
 */
export function configJsonSchema() {
  return z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' });
}

export function configJsonSchemaText(): string {
  return formatted(configJsonSchema());
}

/** The schemas of the command's output by the names of their files. They allow further fields: some may be added. */
export function outputJsonSchemaTexts(): Record<string, string> {
  const texts = Object.entries(OUTPUTS).map(([name, schema]) => {
    const title = `vicinity ${commandsOf(name).join(', ')}: --json`;
    const document = { title, ...z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) };
    return [`${name}.schema.json`, formatted(document)];
  });
  return Object.fromEntries(texts);
}

function commandsOf(output: string): string[] {
  return Object.entries(OUTPUT_OF_COMMAND).flatMap(([command, name]) => (name === output ? [command] : []));
}

/** As the repository's formatter has it: a list that fits into its line stays there. */
function formatted(schema: object): string {
  return `${JSON.stringify(schema, null, 2).replaceAll(LIST_OF_STRINGS, onOneLine)}\n`;
}

const LINE_WIDTH = 110;
/** Everything before the list in its line, the list, and a comma. */
const LIST_OF_STRINGS = /^(.*)(\[\n\s+"[^"\n]*"(?:,\n\s+"[^"\n]*")*\n\s+\])(,?)$/gm;

function onOneLine(whole: string, before: string, list: string, comma: string): string {
  const texts = (JSON.parse(list) as string[]).map((text) => JSON.stringify(text));
  const line = `${before}[${texts.join(', ')}]${comma}`;
  return line.length <= LINE_WIDTH ? line : whole;
}

if (import.meta.main) {
  writeFileSync(SCHEMA_FILE, configJsonSchemaText());
  mkdirSync(OUTPUT_FOLDER, { recursive: true });
  for (const [name, text] of Object.entries(outputJsonSchemaTexts()))
    writeFileSync(join(OUTPUT_FOLDER, name), text);
}
