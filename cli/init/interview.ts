import { RELATIVE_PATH } from '../../shared/config/names.ts';
import { configSchema } from '../../shared/config/schema.ts';
import type { OwnKeys } from './own-keys.ts';
import type { Proposal } from './propose.ts';
import type { ProposedTarget } from './targets.ts';

/** Asks a person; an empty answer keeps what is in brackets. */
export type Ask = (question: string) => Promise<string>;

const PLACES = ['project', 'zone', 'instance', 'bucket'] as const;
/** The answer of somebody who does not know yet. */
const LATER = 'later';

/** The proposal with a person's answers: where it runs, the default target, and outputs that the Makefile does not show. */
export async function interview(proposal: Proposal, ask: Ask): Promise<Proposal> {
  const keys = await askPlaces(proposal.keys, ask);
  const names = proposal.targets.map(({ name }) => name);
  const defaultTarget = await askOne(ask, 'Default target', proposal.defaultTarget, (name) =>
    names.includes(name) ? undefined : `It is one of ${names.join(', ')}.`,
  );
  const targets: ProposedTarget[] = [];
  for (const target of proposal.targets)
    targets.push(target.isGuess ? await askOutputs(target, ask) : target);
  return { ...proposal, keys, defaultTarget, targets };
}

async function askPlaces(keys: OwnKeys, ask: Ask): Promise<OwnKeys> {
  const answers: OwnKeys = { ...keys };
  for (const key of PLACES) {
    const answer = await askOne(ask, `Google Cloud ${key}`, keys[key] ?? LATER, (text) =>
      text === LATER ? undefined : configSchema.shape[key].safeParse(bare(text)).error?.issues[0]?.message,
    );
    if (answer !== LATER) answers[key] = bare(answer);
  }
  return answers;
}

/** A bucket may be given as its address. */
function bare(text: string): string {
  return text.replace(/^gs:\/\//, '');
}

async function askOutputs(target: ProposedTarget, ask: Ask): Promise<ProposedTarget> {
  const current = target.outputs.join(' ');
  const answer = await askOne(ask, `What ${target.name} writes (files and folders)`, current, (text) => {
    const wrong = text.split(/\s+/).find((path) => !RELATIVE_PATH.test(path));
    return wrong && `${wrong} is not a path below the repository.`;
  });
  return { ...target, outputs: answer.split(/\s+/), isGuess: false };
}

/** Asks again until the answer is right. */
async function askOne(
  ask: Ask,
  question: string,
  current: string,
  problemOf: (answer: string) => string | undefined,
): Promise<string> {
  for (let hint = ''; ; ) {
    const answer = (await ask(`${hint}${question} [${current}]: `)) || current;
    const problem = problemOf(answer);
    if (problem === undefined) return answer;
    hint = `${problem}\n`;
  }
}
