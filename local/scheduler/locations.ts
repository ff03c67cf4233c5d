/** Locations that are listed; jobs may be made in any. */
const LISTED = ['us-central1', 'us-east4'];

export function listLocations(project: string): object {
  return { locations: LISTED.map((location) => getLocation(project, location)) };
}

export function getLocation(project: string, location: string): object {
  return { name: `projects/${project}/locations/${location}`, locationId: location };
}
