import { idOf, type Resource } from '../table/resource.ts';

/** The ordered table in groups: what is in one depends on earlier ones only, so that its members can be made at once. */
export function levels(table: Resource[]): Resource[][] {
  const depths = new Map<string, number>();
  const grouped: Resource[][] = [];
  for (const resource of table) {
    const depth = Math.max(-1, ...resource.dependsOn.map((id) => depths.get(id) ?? -1)) + 1;
    depths.set(idOf(resource), depth);
    grouped[depth] = [...(grouped[depth] ?? []), resource];
  }
  return grouped;
}
