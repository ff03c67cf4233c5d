import { type Binding, bindingKey, type Resource, type ResourceOf } from '../../../deploy/table/resource.ts';

/** The table less one right: one permission of a custom role, one member of a binding, or one alternative of a condition. */
export interface Reduction {
  /** What is taken away, in words. */
  what: string;
  /** The resource of the table that has less. */
  reduced: ResourceOf<'role'> | ResourceOf<'grants'>;
}

export function reductionsOf(table: Resource[]): Reduction[] {
  return table.flatMap((resource) => {
    if (resource.kind === 'role') return fewerPermissions(resource);
    return resource.kind === 'grants' ? fewerGrants(resource) : [];
  });
}

/** The table less one permission of a custom role, or less one binding. */
export function removalsOf(table: Resource[]): Reduction[] {
  return table.flatMap((resource) => {
    if (resource.kind === 'role') return fewerPermissions(resource);
    return resource.kind === 'grants' ? fewerBindings(resource) : [];
  });
}

/** The table with the reduced resource in place of the whole. */
export function reduce(table: Resource[], { reduced }: Reduction): Resource[] {
  return table.map((each) => (each.kind === reduced.kind && each.name === reduced.name ? reduced : each));
}

function fewerPermissions(role: ResourceOf<'role'>): Reduction[] {
  const { permissions } = role.properties;
  return permissions.map((permission) => ({
    what: `${permission} of ${role.name}`,
    reduced: {
      ...role,
      properties: { ...role.properties, permissions: permissions.filter((each) => each !== permission) },
    },
  }));
}

function fewerGrants(grants: ResourceOf<'grants'>): Reduction[] {
  const { target, bindings } = grants.input;
  return bindings.flatMap((binding) => {
    const less = [...fewerMembers(binding), ...narrowerConditions(binding)];
    return less.map(({ what, binding: smaller }) => ({
      what: `${nameOf(binding, grants)}: ${what}`,
      reduced: {
        ...grants,
        input: { target, bindings: bindings.map((each) => (each === binding ? smaller : each)) },
      },
    }));
  });
}

function fewerBindings(grants: ResourceOf<'grants'>): Reduction[] {
  const { target, bindings } = grants.input;
  return bindings.map((binding) => ({
    what: nameOf(binding, grants),
    reduced: { ...grants, input: { target, bindings: bindings.filter((each) => each !== binding) } },
  }));
}

/** `pubsub.publisher on topic vicinity-run-finished`. */
function nameOf(binding: Binding, { name }: ResourceOf<'grants'>): string {
  return `${bindingKey(binding).replace(/^(projects\/[^/]+\/)?roles\//, '')} on ${name}`;
}

type Smaller = { what: string; binding: Binding }[];

function fewerMembers(binding: Binding): Smaller {
  return binding.members.map((member) => ({
    what: member,
    binding: { ...binding, members: binding.members.filter((each) => each !== member) },
  }));
}

/** `resource.type == "…"`, `resource.name.startsWith("…")`. Without a negated one, removing an alternative narrows the condition. */
const COMPARISON = /(?<!!)resource\.\w+(?: == |\.\w+\()"[^"]*"\)?/g;
const NEVER = 'resource.type == "none"';

function narrowerConditions({ condition, ...binding }: Binding): Smaller {
  const comparisons = condition?.expression.match(COMPARISON) ?? [];
  return comparisons.map((comparison) => ({
    what: comparison,
    binding: {
      ...binding,
      condition: {
        title: condition?.title ?? '',
        expression: condition?.expression.replace(comparison, NEVER) ?? '',
      },
    },
  }));
}
