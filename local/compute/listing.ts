import { invalid } from '../http/api-error.ts';
import type { Call, Reply } from '../http/call.ts';

const DEFAULT_PAGE = 500;
const CONDITION =
  /^\(?\s*([A-Za-z][\w.]*)\s*(=|!=|\beq\b|\bne\b)\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+?))\s*\)?$/;

/** A resource as a view shows it. */
interface Resource {
  name: string;
  zone: string;
}

/** One zone's resources, as `kind`List: those of `views` that are in the zone of the call. */
export function listReply(views: object[], kind: string, call: Call): Reply {
  return globalListReply(
    views.filter((view) => zoneOf(view) === call.param('zone')),
    kind,
    call,
  );
}

/** The project's resources that are in no zone. */
export function globalListReply(views: object[], kind: string, call: Call): Reply {
  const { pathname } = call.url;
  return { body: { kind: `compute#${kind}List`, id: pathname, selfLink: pathname, ...pageOf(views, call) } };
}

/** All zones' resources, grouped by zone as the API's aggregated lists are. */
export function aggregatedReply(views: object[], kind: string, call: Call): Reply {
  const { items, nextPageToken } = pageOf(views, call);
  const groups = Object.entries(Object.groupBy(items, zoneOf));
  const scopes = groups.map(([zone, members]) => [`zones/${zone}`, { [`${kind}s`]: members }]);
  return {
    body: {
      kind: `compute#${kind}AggregatedList`,
      id: call.url.pathname,
      items: Object.fromEntries(scopes),
      ...(nextPageToken && { nextPageToken }),
    },
  };
}

/**
 * The page that `filter`, `orderBy`, `maxResults` and `pageToken` ask for. A filter is one or more of `field = value`,
 * `!=`, `eq` and `ne` (the last two with a regular expression), joined by AND.
 */
function pageOf(views: object[], call: Call): { items: object[]; nextPageToken?: string } {
  const kept = views.filter(matcher(call.query('filter')));
  const sorted = call.query('orderBy') === 'creationTimestamp desc' ? kept.reverse() : kept.sort(byName);
  const size = Number(call.query('maxResults') ?? DEFAULT_PAGE);
  if (!Number.isInteger(size) || size < 0 || size > DEFAULT_PAGE)
    throw invalid(`Invalid value for field 'maxResults': '${size}'. It must be from 0 to ${DEFAULT_PAGE}.`);
  const token = call.query('pageToken');
  const start = token ? sorted.findIndex((view) => nameOf(view) === token) + 1 : 0;
  const items = sorted.slice(start, start + (size || DEFAULT_PAGE));
  const last = items.at(-1);
  const isLast = last === undefined || start + items.length === sorted.length;
  return { items, ...(!isLast && { nextPageToken: nameOf(last) }) };
}

function matcher(filter: string | undefined): (item: object) => boolean {
  if (!filter) return () => true;
  const conditions = filter.split(/\s+AND\s+|\)\s*(?=\()/).map(condition);
  return (item) => conditions.every((holds) => holds(item));
}

function condition(text: string): (item: object) => boolean {
  const [, field = '', operator, double, single, bare] = CONDITION.exec(text.trim()) ?? [];
  if (field === '') throw invalid(`Invalid value for field 'filter': '${text}'.`);
  const value = double ?? single ?? bare ?? '';
  const isRegex = operator === 'eq' || operator === 'ne';
  const test = (actual: string) => (isRegex ? new RegExp(`^(?:${value})$`).test(actual) : actual === value);
  const isWanted = operator === '=' || operator === 'eq';
  return (item) => test(fieldOf(item, field)) === isWanted;
}

function fieldOf(item: object, path: string): string {
  let value: unknown = item;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return String(value ?? '');
}

function byName(a: object, b: object): number {
  return nameOf(a) < nameOf(b) ? -1 : 1;
}

const nameOf = (view: object) => (view as Resource).name;
const zoneOf = (view: object) => (view as Resource).zone.split('/').at(-1) ?? '';
