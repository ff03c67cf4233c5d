import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nearestOf, type Place, type Road, roadsBetween, secondsFrom } from './brute-force.ts';
import { Workspace } from './workspace.ts';

const CUTOFF_SECONDS = 120 * 60;
const K_BEST = 3;

const workspace = new Workspace();
let places: Place[] = [];
let roads: Road[] = [];
const secondsOfAnchor = new Map<number, Map<number, number>>();

before(async () => {
  const ended = await workspace.make('all', 'STATES=wyoming', 'CUTOFF=120', `K_BEST=${K_BEST}`);
  assert.equal(ended.exitCode, 0, ended.stderr);
  places = workspace.rows('data/places/places.csv').map(asPlace);
  roads = workspace.rows('data/anchors/roads.csv').map(asRoad);
  for (const [id] of workspace.rows('data/anchors/wyoming.csv')) {
    secondsOfAnchor.set(Number(id), secondsFrom(Number(id), roads));
  }
});

after(() => workspace.remove());

test('the roads are those of the slow search, to the second', () => {
  const expected = roadsBetween(places);
  assert.deepEqual(new Set(roads.map(({ start, end }) => `${start}-${end}`)), new Set(expected.keys()));
  for (const { start, end, seconds } of roads) {
    const exact = expected.get(`${start}-${end}`) ?? Number.NaN;
    assert.ok(Math.abs(seconds - exact) <= 0.5 + 1e-3, `${start}-${end}: ${seconds} s, not ${exact} s`);
  }
});

test('every anchor has the nearest of each category that Bellman-Ford finds', () => {
  assertGroups('data/pois/categories.csv', 'data/d_anchor_category', K_BEST);
});

test('every anchor has the nearest branch of each brand that Bellman-Ford finds', () => {
  assertGroups('data/pois/brands.csv', 'data/d_anchor_brand', 1);
});

test('the matrix of minutes has the nearest places that Bellman-Ford finds', () => {
  const expected = [...secondsOfAnchor].flatMap(([anchor, seconds]) => {
    const others = places.map(({ id }) => id).filter((id) => id !== anchor);
    const nearest = nearestOf(others, seconds, K_BEST, CUTOFF_SECONDS);
    return nearest.map(([time, id]) => `${anchor},${id},${time}`);
  });
  const rows = workspace.rows('data/minutes/wyoming.csv');
  assert.deepEqual(
    rows.map(([anchor, id, minutes]) => `${anchor},${id},${Math.round(Number(minutes) * 60)}`),
    expected,
  );
});

test('the tiles hold every anchor, with the minutes of the categories', () => {
  const index = JSON.parse(workspace.read('tiles/index.json'));
  const tiles = index.tiles['5'].map(([x, y]: number[]) =>
    JSON.parse(workspace.read(`tiles/5/${x}/${y}.json`)),
  );
  const shown = tiles.flatMap(
    (tile: { places: [string, number, number, (number | null)[]][] }) => tile.places,
  );
  assert.equal(shown.length, secondsOfAnchor.size);
  const cheyenne = shown.find(([name]: [string]) => name === 'Cheyenne');
  assert.equal(cheyenne?.[3][index.categories.indexOf('capital')], 0);
});

/** One file for each group, one row for each anchor that reaches it. */
function assertGroups(pois: string, directory: string, k: number): void {
  const groups = Map.groupBy(workspace.rows(pois), ([group]) => String(group));
  assert.deepEqual(
    Object.keys(workspace.files(directory)),
    [...groups.keys()].map((group) => `${directory}/${group}.csv`).sort(),
  );
  for (const [group, members] of groups) {
    const ids = members.map(([, id]) => Number(id));
    assert.deepEqual(workspace.rows(`${directory}/${group}.csv`), expectedRows(ids, k), group);
  }
}

function expectedRows(ids: number[], k: number): string[][] {
  return [...secondsOfAnchor].flatMap(([anchor, seconds]) => {
    const nearest = nearestOf(ids, seconds, k, CUTOFF_SECONDS);
    const [first] = nearest;
    if (!first) return [];
    const cells = [anchor, first[1], ...nearest.map(([time]) => time)].map(String);
    return [[...cells, ...Array<string>(k - nearest.length).fill('')]];
  });
}

function asPlace(cells: string[]): Place {
  // Counted from the end: a name may hold a comma.
  const [population, lat, lon] = cells.slice(-3).map(Number);
  return {
    id: Number(cells[0]),
    population: population ?? Number.NaN,
    lat: lat ?? Number.NaN,
    lon: lon ?? Number.NaN,
  };
}

function asRoad([start, end, , seconds]: string[]): Road {
  return { start: Number(start), end: Number(end), seconds: Number(seconds) };
}
