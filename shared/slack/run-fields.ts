import type { Status } from '../model/status.ts';
import { describeRun } from '../presentation/describe-run.ts';
import { commands } from './blocks.ts';
import { cut, escapeText, inlineCode } from './escape.ts';

const NO_BREAK = '\u00a0';
const MAX_PARAMETERS = 8;
const PARAMETER_CHARACTERS = 50;
/** A command that is cut off would be another command. */
const MAX_COMMAND_LENGTH = 900;

/** Parts of a run's message. All are mrkdwn: escaped, and cut to their place. */

/** As many of the parameters as there is room for. */
export function parametersText(status: Status): string {
  const { parameters } = describeRun(status);
  const shown = parameters
    .slice(0, MAX_PARAMETERS)
    .map((parameter) => inlineCode(cut(parameter, PARAMETER_CHARACTERS)));
  return [...shown, ...more(parameters.length - shown.length)].join(' ');
}

/** No line ends between a number and its unit. */
export function phasesText(status: Status): string {
  const phases = describeRun(status).phases.map(({ name, time }) =>
    `${escapeText(name)} ${time}`.replaceAll(' ', NO_BREAK),
  );
  return phases.join(' · ');
}

/** The commands that one would type next, a line each. */
export function nextCommands(status: Status) {
  const lines = describeRun(status).next.map(({ effect, command }) => [
    effect,
    command.length > MAX_COMMAND_LENGTH ? 'vicinity dashboard' : command,
  ]);
  return commands(Object.fromEntries(lines));
}

/** Machine and source, for the small print. */
export function originText(status: Status): string {
  const { machine, source } = describeRun(status);
  return `${machine} · ${source}`;
}

/** `and 3 more`, where something is left out. */
export function more(count: number): string[] {
  return count > 0 ? [`and ${count} more`] : [];
}
