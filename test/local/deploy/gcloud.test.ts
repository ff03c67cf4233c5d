import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { withoutGcloud } from '../../../local/test/support/gcloud.ts';
import { startDeployment } from '../../deploy/support/deployment.ts';

/** Some sixty calls of a second or more. */
const DEADLINE_MS = 540_000;
const OPTIONS = { skip: withoutGcloud, timeout: DEADLINE_MS };

test('the real gcloud makes of the printed commands what apply makes', OPTIONS, async () => {
  await using project = await startDeployment({ adopted: true });
  const { code, stdout: script } = await project.deploy(['plan', '--gcloud']);
  assert.equal(code, 10);
  const ran = await bash(script);
  assert.equal(ran.status, 0, ran.stderr.slice(-2000));
  const { stdout } = await project.deploy(['plan']);
  assert.match(stdout, /resources are as they should be\. Nothing to do\.$/m, stdout);
});

async function bash(script: string): Promise<{ status: number | null; stderr: string }> {
  const env = { ...process.env, HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1,localhost' };
  const child = spawn('bash', ['-s'], { env, stdio: ['pipe', 'ignore', 'pipe'], timeout: DEADLINE_MS });
  child.stdin.end(script);
  const [stderr, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { status: status as number | null, stderr };
}
