import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  membersHeld,
  membersWith,
  type Policy,
  withBindings,
  withoutBindings,
} from '../../deploy/plan/policy.ts';
import { type Binding, bindingKey } from '../../deploy/table/resource.ts';

const condition = { title: 'records', expression: 'resource.name.startsWith("x")' };
const wanted: Binding[] = [
  { role: 'roles/a', members: ['user:ann', 'user:bob'] },
  { role: 'roles/a', members: ['user:ann'], condition },
];

test('who is missing is added; everybody else, the etag and the audit configuration stay', () => {
  const policy: Policy = {
    etag: 'E',
    auditConfigs: [{ service: 'allServices' }],
    bindings: [
      { role: 'roles/a', members: ['user:bob', 'user:eve'] },
      { role: 'roles/b', members: ['user:eve'] },
    ],
  };
  assert.deepEqual(membersHeld(policy, wanted), { 'roles/a': ['user:bob'] });
  const after = withBindings(policy, wanted);
  assert.deepEqual(after, {
    etag: 'E',
    auditConfigs: [{ service: 'allServices' }],
    version: 3,
    bindings: [
      { role: 'roles/a', members: ['user:eve'] },
      { role: 'roles/b', members: ['user:eve'] },
      ...wanted,
    ],
  });
  assert.deepEqual(membersHeld(after, wanted), {
    'roles/a': ['user:ann', 'user:bob'],
    'roles/a (records)': ['user:ann'],
  });
});

test('a condition that was changed is held by nobody, and is replaced', () => {
  const old = { ...condition, expression: 'resource.name.startsWith("y")' };
  const policy: Policy = { bindings: [{ role: 'roles/a', members: ['user:ann'], condition: old }] };
  assert.deepEqual(membersHeld(policy, wanted), {});
  assert.deepEqual(withBindings(policy, wanted).bindings, wanted);
});

test('taking ours away leaves others their roles', () => {
  const policy = withBindings({ bindings: [{ role: 'roles/a', members: ['user:eve'] }] }, wanted);
  assert.deepEqual(withoutBindings(policy, wanted).bindings, [{ role: 'roles/a', members: ['user:eve'] }]);
  assert.deepEqual(membersWith(policy, 'roles/a'), ['user:eve', 'user:ann', 'user:bob', 'user:ann']);
});

test('whatever a policy is: after granting, all is held; granting twice is granting once', () => {
  const member = fc.constantFrom('user:ann', 'user:bob', 'user:eve');
  const binding = fc.record({
    role: fc.constantFrom('roles/a', 'roles/b'),
    members: fc.uniqueArray(member, { minLength: 1 }),
  });
  const distinct = fc.uniqueArray(binding, { selector: bindingKey });
  fc.assert(
    fc.property(fc.array(binding), distinct, (bindings, ours) => {
      const once = withBindings({ bindings }, ours);
      assert.deepEqual(
        membersHeld(once, ours),
        Object.fromEntries(ours.map((each) => [bindingKey(each), each.members])),
      );
      assert.deepEqual(withBindings(once, ours), once);
      for (const { role, members } of bindings)
        for (const each of members) assert.ok(membersWith(once, role).includes(each));
    }),
  );
});
