import type { Provider } from '../plan/provider.ts';
import type { ResourceOf } from '../table/resource.ts';
import type { Connection } from './connection.ts';
import { iamClient } from './iam-client.ts';
import { mapErrors } from './map-errors.ts';
import { ignoreNotFound, withDeadline } from './with-deadline.ts';

/** Custom roles (https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles). */
export function roleProvider(connection: Connection): Provider<'role'> {
  const { roles } = iamClient(connection).projects;
  const parent = `projects/${connection.project}`;
  const nameOf = (role: string) => `${parent}/roles/${role}`;

  return {
    async read({ name }) {
      const role = await find(name);
      if (!role || role.deleted) return undefined;
      return { title: role.title ?? '', permissions: [...(role.includedPermissions ?? [])].sort() };
    },
    /** A deleted role keeps its name for a week, in which it can only be brought back. */
    async create(resource) {
      const { name } = resource;
      if ((await find(name))?.deleted) {
        await mapErrors(`restore role ${name}`, () =>
          roles.undelete({ name: nameOf(name), requestBody: {} }),
        );
        return patch(resource);
      }
      const requestBody = { roleId: name, role: bodyOf(resource) };
      await mapErrors(`create role ${name}`, () => roles.create({ parent, requestBody }));
    },
    update: (resource) => patch(resource),
    async remove({ name }) {
      const role = await find(name);
      if (!role || role.deleted) return;
      await withDeadline(`delete role ${name}`, () => roles.delete({ name: nameOf(name) }));
    },
  };

  async function find(role: string) {
    return (await ignoreNotFound(`read role ${role}`, () => roles.get({ name: nameOf(role) })))?.data;
  }

  async function patch(resource: ResourceOf<'role'>): Promise<void> {
    const { name } = resource;
    const request = {
      name: nameOf(name),
      updateMask: 'title,includedPermissions',
      requestBody: bodyOf(resource),
    };
    await mapErrors(`change role ${name}`, () => roles.patch(request));
  }
}

function bodyOf({ properties: { title, permissions } }: ResourceOf<'role'>) {
  return { title, includedPermissions: permissions, stage: 'GA' };
}
