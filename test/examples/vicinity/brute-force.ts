/** The pipeline's results computed again the slow way: no trees, no heaps, no cutoffs, great circles by haversine. */

export interface Place {
  id: number;
  population: number;
  lat: number;
  lon: number;
}

export interface Road {
  start: number;
  end: number;
  seconds: number;
}

const EARTH_RADIUS_KM = 6371.0088;
const CITY = 50_000;
const TOWN = 5_000;

function kilometres(a: Place, b: Place): number {
  const [phiA, phiB] = [radians(a.lat), radians(b.lat)];
  const half = (degrees: number) => Math.sin(radians(degrees) / 2) ** 2;
  const chord = half(b.lat - a.lat) + Math.cos(phiA) * Math.cos(phiB) * half(b.lon - a.lon);
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(chord));
}

/** Every place to its 6 nearest within 120 km, every city to its 4 nearest cities within 300 km; by the ids of the ends. */
export function roadsBetween(places: Place[]): Map<string, number> {
  const cities = places.filter(({ population }) => population >= CITY);
  return new Map([...join(places, 6, 120), ...join(cities, 4, 300)]);
}

function join(places: Place[], count: number, limitKm: number): [string, number][] {
  return places.flatMap((place) =>
    within(places, place, limitKm)
      .slice(0, count)
      .map(({ other, km }): [string, number] => [key(place, other), exactSeconds(place, other, km)]),
  );
}

/** The others within the limit, nearest first; ties by id. */
function within(places: Place[], place: Place, limitKm: number) {
  // No degree of latitude is shorter than 111 km: this only saves time.
  const band = places.filter(({ id, lat }) => id !== place.id && Math.abs(lat - place.lat) <= limitKm / 111);
  return band
    .map((other) => ({ other, km: kilometres(place, other) }))
    .filter(({ km }) => km <= limitKm)
    .sort((a, b) => a.km - b.km || a.other.id - b.other.id);
}

function exactSeconds(a: Place, b: Place, km: number): number {
  return Math.max(1, ((km * 1.3) / speed(a, b)) * 3600);
}

/** Seconds from one place to every place that roads lead to, by relaxing all roads until nothing changes (Bellman-Ford). */
export function secondsFrom(origin: number, roads: Road[]): Map<number, number> {
  const seconds = new Map([[origin, 0]]);
  let changed = true;
  while (changed) {
    changed = false;
    for (const road of roads) {
      const forth = relax(seconds, road.start, road.end, road.seconds);
      const back = relax(seconds, road.end, road.start, road.seconds);
      changed ||= forth || back;
    }
  }
  return seconds;
}

/** The k nearest of some places within the cutoff, ties by id, as [seconds, id]. */
export function nearestOf(
  ids: number[],
  seconds: Map<number, number>,
  k: number,
  cutoff: number,
): [number, number][] {
  const reached = ids.map((id): [number, number] => [seconds.get(id) ?? Number.POSITIVE_INFINITY, id]);
  return reached
    .filter(([time]) => time <= cutoff)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .slice(0, k);
}

function relax(seconds: Map<number, number>, from: number, to: number, cost: number): boolean {
  const arrival = (seconds.get(from) ?? Number.POSITIVE_INFINITY) + cost;
  if (arrival >= (seconds.get(to) ?? Number.POSITIVE_INFINITY)) return false;
  seconds.set(to, arrival);
  return true;
}

function speed(a: Place, b: Place): number {
  const smaller = Math.min(a.population, b.population);
  if (smaller >= CITY) return 105;
  return smaller >= TOWN ? 80 : 55;
}

function key(a: Place, b: Place): string {
  return a.id < b.id ? `${a.id}-${b.id}` : `${b.id}-${a.id}`;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
