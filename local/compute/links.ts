import { invalid } from '../http/api-error.ts';

const API = 'https://www.googleapis.com/compute/v1';

/** URLs as Compute Engine writes them in `selfLink` and the like. */
export const projectLink = (project: string) => `${API}/projects/${project}`;
export const zoneLink = (project: string, zone: string) => `${projectLink(project)}/zones/${zone}`;
export const link = (project: string, zone: string, collection: string, name: string) =>
  `${zoneLink(project, zone)}/${collection}/${name}`;

export const globalLink = (project: string, collection: string, name: string) =>
  `${projectLink(project)}/global/${collection}/${name}`;

/** A resource as the API's messages name it. */
export const resourcePath = (project: string, zone: string, collection: string, name: string) =>
  `projects/${project}/zones/${zone}/${collection}/${name}`;

const ZONE = /^[a-z]+-[a-z]+\d+-[a-z]$/;

/** Any well-formed zone exists here. */
export function isZone(zone: string): boolean {
  return ZONE.test(zone);
}

export function regionOf(zone: string): string {
  return zone.slice(0, zone.lastIndexOf('-'));
}

/** The bare name at the end of a full or partial resource URL. */
export function lastSegment(url: unknown, field: string): string {
  const name = typeof url === 'string' ? url.split('/').at(-1) : undefined;
  if (!name) throw invalid(`Invalid value for field '${field}': '${url ?? ''}'. The URL is malformed.`);
  return name;
}
