import type { Config } from '../../shared/config/schema.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import type { Screen } from '../../shared/ports/screen.ts';
import { wrap } from '../../shared/text/wrap.ts';
import type { Difference } from '../plan/difference.ts';
import { type Change, isUpToDate } from '../plan/plan.ts';
import { type Binding, bindingKey, idOf, type Json } from '../table/resource.ts';
import { notesOf } from './notes.ts';

type Paint = Screen['paint'];

const SIGNS = { create: '+', update: '~', none: '=' } as const;
const COLOURS = { create: 'green', update: 'yellow', none: 'dim' } as const;
/** A value is shown up to so many characters: a configuration in an environment variable has thousands. */
const MAX_VALUE_LENGTH = 60;
const HASH = /^[0-9a-f]{40,64}$/;
const HASH_DIGITS = 12;
/** Columns beside a resource's name and what it is for. */
const SIGN_AND_GAP = 4;
const DETAIL_INDENT = '    ';

/** A plan as a person reads it, on a terminal of so many columns. */
export function planView(config: Config, changes: Change[], columns: number, paint: Paint): string {
  const { project, zone, bucket, instance } = config;
  const wanted = changes.filter(({ action }) => action !== 'none');
  const width = Math.max(0, ...wanted.map(({ resource }) => idOf(resource).length));
  return [
    `Project ${paint('bold', project)}, zone ${zone}, bucket ${bucket}, instance ${instance}`,
    '',
    ...wanted.flatMap((change) => changeLines(change, width, columns, paint)),
    ...(wanted.length > 0 ? [''] : []),
    summary(changes),
  ].join('\n');
}

/** A plan as a program reads it. */
export function planRecord({ project, zone }: Config, changes: Change[]): Output<'plan'> {
  return {
    project,
    zone,
    ...counts(changes),
    changes: changes.flatMap((change) => {
      const { action, differences } = change;
      const { kind, name, why } = change.resource;
      return action === 'none' ? [] : [{ action, kind, name, why, differences, notes: notesOf(change) }];
    }),
  };
}

function summary(changes: Change[]): string {
  const { create, update, none } = counts(changes);
  if (isUpToDate(changes)) return `All ${none} resources are as they should be. Nothing to do.`;
  return `${create} to create, ${update} to change, ${none} as they should be.`;
}

export function counts(changes: Change[]): Record<Change['action'], number> {
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  return { create: count('create'), update: count('update'), none: count('none') };
}

function changeLines(change: Change, width: number, columns: number, paint: Paint): string[] {
  const { action, resource } = change;
  const sign = paint(COLOURS[action], `${SIGNS[action]} ${idOf(resource).padEnd(width)}`);
  const [why = '', ...more] = wrap(resource.why, columns - width - SIGN_AND_GAP).map((line) =>
    paint('dim', line),
  );
  return [
    `${sign}  ${why}`,
    ...more.map((line) => ' '.repeat(width + SIGN_AND_GAP) + line),
    ...details(change).flatMap((detail) => indented(detail, columns)),
  ];
}

/** Indents a detail below its change; continuation lines are indented further. */
function indented(detail: string, columns: number): string[] {
  return wrap(detail, columns - DETAIL_INDENT.length - 2).map(
    (line, index) => `${DETAIL_INDENT}${index === 0 ? '' : '  '}${line}`,
  );
}

function details(change: Change): string[] {
  const { action, resource, differences } = change;
  if (resource.kind === 'grants') return grantLines(resource.input.bindings, differences, action);
  return [...differences.map(differenceLine), ...notesOf(change)];
}

export function differenceLine({ path, from, to }: Difference): string {
  return `${path}: ${shown(from)} → ${shown(to)}`;
}

/** Of a grant, who is given which role, and on what condition. */
function grantLines(bindings: Binding[], differences: Difference[], action: Change['action']): string[] {
  return bindings.flatMap((binding) => {
    const key = bindingKey(binding);
    const difference = differences.find(({ path }) => path === `members.${key}`);
    if (action === 'update' && !difference) return [];
    const held = Array.isArray(difference?.from) ? difference.from : [];
    const given = binding.members.filter((member) => !held.includes(member));
    return [`${key}: ${given.map(shortMember).join(', ')}`];
  });
}

/** `vicinity-vm` of `serviceAccount:vicinity-vm@project.iam.gserviceaccount.com`. */
function shortMember(member: string): string {
  return member.replace(/^serviceAccount:/, '').replace(/@.*\.iam\.gserviceaccount\.com$/, '');
}

function shown(value: Json | undefined): string {
  if (value === undefined) return 'absent';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (HASH.test(text)) return text.slice(0, HASH_DIGITS);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}…` : text || '""';
}
