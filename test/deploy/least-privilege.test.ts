import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startDeployment } from './support/deployment.ts';

test('with permissions enforced, the functions may do what a canary asks of them', {
  timeout: 300_000,
}, async () => {
  await using project = await startDeployment({ adopted: true, iam: true });
  const { code, stderr } = await project.deploy(['apply']);
  assert.equal(code, 0, stderr);
  const verified = await project.deploy(['verify', '--wait-seconds', '60']);
  assert.equal(verified.code, 0, verified.stdout);
  assert.equal(verified.stdout.match(/answered a canary; sees the VM TERMINATED/g)?.length, 3);
});
