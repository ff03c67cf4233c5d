/**
 * The fields of a Cloud Scheduler schedule, as Google documents them:
 * https://cloud.google.com/scheduler/docs/configuring/cron-job-schedules. Extensions of other crons (seconds, L, W, #, ?, @weekly,
 * steps after a single value, ranges that wrap around) are refused.
 */
interface Field {
  name: string;
  first: number;
  last: number;
  /** Names that may replace numbers, from `first` upward. */
  names: string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: Field[] = [
  { name: 'minute', first: 0, last: 59, names: [] },
  { name: 'hour', first: 0, last: 23, names: [] },
  { name: 'day of the month', first: 1, last: 31, names: [] },
  { name: 'month', first: 1, last: 12, names: MONTHS },
  { name: 'day of the week', first: 0, last: 7, names: DAYS },
];
/** `*`, a value, or a range; a step may follow `*` and a range. */
const ITEM =
  /^(?:(?<value>[0-9A-Z]+)|(?:\*|(?<from>[0-9A-Z]+)-(?<to>[0-9A-Z]+))(?:\/(?<step>[1-9][0-9]*))?)$/;

/** Why Cloud Scheduler refuses the schedule; undefined where it accepts it. */
export function cronFieldIssue(cron: string): string | undefined {
  const texts = cron.split(/[ \t]+/);
  if (texts.length !== FIELDS.length) return 'must have the five fields of unix cron, such as "0 3 * * 1"';
  return FIELDS.map((field, index) => fieldIssue(field, texts[index] ?? '')).find(Boolean);
}

function fieldIssue(field: Field, text: string): string | undefined {
  if (text.split(',').every((item) => isItem(field, item))) return undefined;
  const { name, first, last, names } = field;
  const values = `${first} to ${last}${names.length > 0 ? ` or ${names[0]} to ${names.at(-1)}` : ''}`;
  return `has ${JSON.stringify(text)} as the ${name}; Cloud Scheduler accepts ${values}, *, ranges, lists, and steps of * or a range`;
}

function isItem(field: Field, item: string): boolean {
  const { value, from, to, step } = ITEM.exec(item)?.groups ?? {};
  if (!ITEM.test(item)) return false;
  if (value !== undefined) return numberOf(field, value) !== undefined;
  if (step !== undefined && Number(step) > field.last) return false;
  if (from === undefined || to === undefined) return true;
  const [start, end] = [numberOf(field, from), numberOf(field, to)];
  return start !== undefined && end !== undefined && start < end;
}

function numberOf({ first, last, names }: Field, text: string): number | undefined {
  const named = names.indexOf(text);
  const number = named >= 0 ? first + named : /^\d{1,2}$/.test(text) ? Number(text) : -1;
  return number >= first && number <= last ? number : undefined;
}
