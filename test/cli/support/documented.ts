import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { OUTPUT_FOLDER } from '../../../scripts/build-schema.ts';
import { OUTPUT_OF_COMMAND, OUTPUTS, type OutputName } from '../../../shared/json-schemas/documents.ts';

/** The command among the arguments whose JSON is documented: `deploy plan`. */
export function documentedCommand(args: string[]): string | undefined {
  const commands = Object.keys(OUTPUT_OF_COMMAND).filter((command) =>
    command.split(' ').every((word) => args.includes(word)),
  );
  return commands.toSorted((a, b) => b.length - a.length)[0];
}

/** Checks what a command printed with --json against the published schema. */
export function assertDocumented(args: string[], stdout: string): void {
  const name = OUTPUT_OF_COMMAND[documentedCommand(args) ?? ''];
  if (name && stdout !== '') assertValid(name, JSON.parse(stdout));
}

/** As the schema says, and nothing that it does not name. */
export function assertComplete(name: OutputName, value: unknown): void {
  assertValid(name, value);
  assert.deepEqual(OUTPUTS[name].parse(value), value, `${name}.schema.json does not name everything`);
}

function assertValid(name: OutputName, value: unknown): void {
  const file = path.join(OUTPUT_FOLDER, `${name}.schema.json`);
  const published = z.fromJSONSchema(JSON.parse(readFileSync(file, 'utf8')));
  const { error } = published.safeParse(value);
  assert.equal(error, undefined, `${name}.schema.json: ${error?.message}`);
}
