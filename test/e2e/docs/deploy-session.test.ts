import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Deployment, startDeployment } from '../../deploy/support/deployment.ts';
import { ROOT, readDocument } from '../../docs/markdown.ts';

const FILE = 'docs/guide/deploy-session.md';

const INTRODUCTION = `# A recorded deployment

This session deploys into a project of the local cloud that contains the stopped VM and nothing else. A test compares it with the current
output of the command. To record it again, run \`RECORD=1 node --test test/e2e/docs/deploy-session.test.ts\`.

`;

test('the recorded session matches the output of the command', { timeout: 300_000 }, async () => {
  await using project = await startDeployment({ adopted: true });
  let session = '';
  for (const args of [['plan'], ['apply', '--yes'], ['plan']]) session += await recorded(project, args);
  if (process.env.RECORD) writeFileSync(join(ROOT, FILE), `${INTRODUCTION}\`\`\`console\n${session}\`\`\`\n`);
  const [fence] = readDocument(FILE).fences;
  assert.deepEqual(comparable(fence?.text ?? ''), comparable(session));
});

/** Parallel steps finish in any order, enabling one service may enable others, and the hash of the startup script changes. */
function comparable(session: string): string[] {
  const lines = session.replaceAll(/[0-9a-f]{12}/g, 'HASH').split('\n');
  return lines.filter((line) => !/^✓ api |^\d+ of \d+ resources/.test(line)).sort();
}

async function recorded(project: Deployment, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.deploy(args);
  const status = code === 0 ? '' : `$ echo $?\n${code}\n`;
  const [first, second] = args.includes('apply') ? [stderr, stdout] : [stdout, stderr];
  return `$ vicinity deploy ${args.join(' ')}\n${first}${second}${status}`;
}
