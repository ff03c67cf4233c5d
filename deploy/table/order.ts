import { idOf, type Resource } from './resource.ts';

/** The resources, each after what it depends on, and otherwise as they come. Throws where one depends on what is missing, or on itself. */
export function inOrder(resources: Resource[]): Resource[] {
  const byId = new Map(resources.map((resource) => [idOf(resource), resource]));
  const ordered = new Set<Resource>();
  const visit = (resource: Resource, path: string[]): void => {
    if (ordered.has(resource)) return;
    const id = idOf(resource);
    if (path.includes(id)) throw new Error(`${id} depends on itself: ${[...path, id].join(' > ')}`);
    for (const dependency of resource.dependsOn) {
      const needed = byId.get(dependency);
      if (!needed) throw new Error(`${id} depends on ${dependency}, which is not in the table.`);
      visit(needed, [...path, id]);
    }
    ordered.add(resource);
  };
  for (const resource of resources) visit(resource, []);
  return [...ordered];
}
