import type { Resource } from '../http/access.ts';
import { invalid } from '../http/api-error.ts';
import type { Call } from '../http/call.ts';
import { type Route, route } from '../http/router.ts';
import type { Policy } from './policy.ts';
import type { PolicyBook } from './policy-book.ts';
import { fullName } from './resources.ts';

export interface PolicyRoutesOptions {
  policies: PolicyBook;
  /** Path of the resource, such as `/v1/projects/:project/secrets/:secret`. */
  path: string;
  /** Published name of the resource's methods, such as `secretmanager.projects.secrets`. */
  operations: string;
  /** How its policy is read: most services by GET, older ones by POST. */
  readBy: 'GET' | 'POST';
  /** The resource that the call names. Throws 404 where there is none. */
  resource: (call: Call) => Resource;
}

/** `:getIamPolicy`, `:setIamPolicy` and `:testIamPermissions` of a kind of resource. */
export function policyRoutes(options: PolicyRoutesOptions): Route[] {
  const { policies, path, operations, readBy, resource } = options;
  return [
    route(readBy, `${path}\\:getIamPolicy`, `${operations}.getIamPolicy`, (call) => ({
      body: policies.get(fullName(resource(call))),
    })),
    route('POST', `${path}\\:setIamPolicy`, `${operations}.setIamPolicy`, async (call) => {
      const { policy } = await call.json<{ policy?: Policy }>();
      if (!policy) throw invalid('The request lacks policy.');
      return { body: policies.set(fullName(resource(call)), policy) };
    }),
    route('POST', `${path}\\:testIamPermissions`, `${operations}.testIamPermissions`, async (call) => {
      const { permissions = [] } = await call.json<{ permissions?: string[] }>();
      const asked = resource(call);
      const held = permissions.filter((permission) => call.holds(permission, asked));
      return { body: held.length > 0 ? { permissions: held } : {} };
    }),
  ];
}
