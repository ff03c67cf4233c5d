import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { askMake } from './ask-make.ts';
import { readDatabase } from './database.ts';
import { assignmentOf, continuedLines, joined, modifiersOf, physicalLines } from './lines.ts';
import { MAKEFILE_NAMES, type Makefile, type MakeTarget, words } from './makefile.ts';
import { parseMakefile } from './parser.ts';
import { namesOf } from './rules.ts';

/** What a Makefile may see of this process: its own defaults are asked for, and not what somebody has exported here. */
const PASSED_ON = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR'];

export interface ReadOptions {
  env: Record<string, string | undefined>;
  /** Whether make is asked where it is there. */
  usesMake?: boolean;
}

/** Name of the Makefile that make would read in the folder. */
export function findMakefile(directory: string): string | undefined {
  return MAKEFILE_NAMES.find((name) => existsSync(path.join(directory, name)));
}

/**
 * Reads the Makefile of a folder: asks make, or, where there is no GNU make 4 or the Makefile stops it, parses it. `file` is relative to
 * the folder.
 */
export async function readMakefile(
  directory: string,
  file: string,
  { env, usesMake = true }: ReadOptions,
): Promise<Makefile> {
  const passed = Object.fromEntries(
    PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  const parsed = parseMakefile(directory, file, passed);
  const included = [...parsed.files.slice(1), ...parsed.missing.map((each) => each.file)];
  const absent = parsed.missing
    .filter(({ isRequired }) => isRequired)
    .map((each) => `${each.file} is included, but is not there`);
  const answer = usesMake ? await askMake(directory, file, included, passed) : undefined;
  if (answer?.isComplete)
    return inTextOrder({ ...readDatabase(answer.database, directory, passed), doubts: absent }, directory);
  const stop = answer?.messages.trim().split('\n').at(-1);
  const doubts = [...(stop ? [`make stops at "${stop}"`] : []), ...parsed.doubts, ...absent];
  return inTextOrder({ ...parsed, doubts }, directory);
}

/** Make keeps no order and no comments: both are in the text. Targets with computed names come last. */
function inTextOrder(makefile: Makefile, directory: string): Makefile {
  const places = placesOf(makefile.files.map((file) => path.resolve(directory, file)));
  const placeOf = ({ name }: MakeTarget) => places.get(name)?.at ?? Number.POSITIVE_INFINITY;
  const targets = makefile.targets
    .map((target) => ({ ...target, description: places.get(target.name)?.description }))
    .toSorted((one, other) => placeOf(one) - placeOf(other) || compareNames(one.name, other.name));
  return { ...makefile, targets, variables: variablesInTextOrder(makefile, directory) };
}

function variablesInTextOrder({ variables, files }: Makefile, directory: string): Makefile['variables'] {
  const texts = files.map((file) => path.resolve(directory, file)).filter((file) => existsSync(file));
  const lines = texts.flatMap((file) => physicalLines(readFileSync(file, 'utf8')));
  const names = lines.flatMap((line) => {
    const { modifiers, rest } = modifiersOf(line);
    const assignment = assignmentOf(rest);
    return assignment ? [assignment.name] : modifiers.includes('export') ? words(rest) : [];
  });
  const placeOf = new Map(names.toReversed().map((name, at) => [name, names.length - at]));
  const place = (name: string) => placeOf.get(name) ?? Number.POSITIVE_INFINITY;
  return new Map(
    [...variables].toSorted(([one], [other]) => place(one) - place(other) || compareNames(one, other)),
  );
}

const RULE_NAMES = /^([^\s#:=][^:=#]*?)\s*&?::?(?![:=])/;

/** Where a rule first names each target, and the `## comment` beside it. */
function placesOf(files: string[]): Map<string, { at: number; description: string | undefined }> {
  const places = new Map<string, { at: number; description: string | undefined }>();
  const lines = files
    .filter((file) => existsSync(file))
    .flatMap((file) => physicalLines(readFileSync(file, 'utf8')));
  for (let at = 0; at < lines.length; ) {
    const { lines: continued, end } = continuedLines(lines, at);
    const line = joined(continued);
    const [, names = ''] = RULE_NAMES.exec(line) ?? [];
    const [, description] = /\s##\s*(.*\S)/.exec(line) ?? [];
    for (const name of namesOf(names)) {
      const before = places.get(name);
      places.set(name, { at: before?.at ?? places.size, description: before?.description ?? description });
    }
    at = end;
  }
  return places;
}

/** 2 before 10, and the same on every computer. */
function compareNames(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true }) || (one < other ? -1 : 1);
}
