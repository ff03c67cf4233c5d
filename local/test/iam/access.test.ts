import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionAccess, functionRoutes } from '../../cloud-functions/routes.ts';
import type { AccessTable } from '../../http/access-table.ts';
import type { Route } from '../../http/router.ts';
import { accountAccess, accountRoutes } from '../../iam/account-routes.ts';
import { roleAccess, roleRoutes } from '../../iam/role-routes.ts';
import { projectAccess, projectRoutes } from '../../resource-manager/routes.ts';
import { runAccess, runRoutes } from '../../run/routes.ts';
import { schedulerAccess, schedulerRoutes } from '../../scheduler/routes.ts';
import { secretAccess, secretRoutes } from '../../secrets/routes.ts';
import { serviceUsageAccess, serviceUsageRoutes } from '../../service-usage/routes.ts';
import { storageAccess } from '../../storage/access.ts';
import { bucketAccessRoutes } from '../../storage/wire/bucket-access.ts';
import { bucketRoutes } from '../../storage/wire/buckets.ts';
import { copyRoutes } from '../../storage/wire/copies.ts';
import { objectRoutes } from '../../storage/wire/objects.ts';
import { uploadRoutes } from '../../storage/wire/uploads.ts';

const P = 'test-project';
/** Routes are declared without looking at what they will work on. */
const none = {} as never;

const SERVICES: Record<string, [routes: Route[], access: AccessTable]> = {
  accounts: [accountRoutes(P, none, none), accountAccess(P)],
  roles: [roleRoutes(P, none), roleAccess(P)],
  projects: [projectRoutes(P, none), projectAccess(P)],
  secrets: [secretRoutes(P, none, none), secretAccess(P)],
  'service usage': [serviceUsageRoutes(P, none), serviceUsageAccess(P)],
  functions: [functionRoutes(none), functionAccess(P)],
  run: [runRoutes(none), runAccess(P)],
  scheduler: [schedulerRoutes(none), schedulerAccess(P)],
  storage: [
    [
      ...bucketRoutes(none, none),
      ...bucketAccessRoutes(none, none),
      ...objectRoutes(none),
      ...uploadRoutes(none),
      ...copyRoutes(none),
    ],
    storageAccess(none, P),
  ],
};

for (const [name, [routes, access]] of Object.entries(SERVICES))
  test(`${name}: every operation says what it needs, and no other`, () => {
    const operations = new Set(routes.map(({ operation }) => operation));
    assert.deepEqual([...operations].sort(), Object.keys(access).sort());
  });
