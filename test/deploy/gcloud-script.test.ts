import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gcloudScript } from '../../deploy/gcloud/script.ts';
import { fileLines } from '../../deploy/gcloud/shell.ts';
import { plan } from '../../deploy/plan/plan.ts';
import { idOf, type Json } from '../../deploy/table/resource.ts';
import { withoutProgram } from '../../local/test/support/without-program.ts';
import { shellWord } from '../../shared/shell-word.ts';
import { configOf, smallTable } from './support/table.ts';

const table = smallTable();
const script = gcloudScript(configOf(), plan(table, new Map()), '/opt/vicinity/dist/functions');

/** Everything as it should be, but for the resources of `changed`. */
function scriptFor(changed: Record<string, Json | undefined>): string {
  const observed = new Map(table.map((each) => [idOf(each), each.properties as unknown as Json]));
  for (const [id, properties] of Object.entries(changed)) {
    if (properties === undefined) observed.delete(id);
    else observed.set(id, { ...(observed.get(id) as object), ...(properties as object) });
  }
  return gcloudScript(configOf(), plan(table, observed), '/opt/functions');
}

test('is bash, with a comment and a command for every resource', () => {
  execFileSync('bash', ['-n'], { input: script });
  for (const resource of table) {
    const trace = resource.kind === 'api' ? `  ${resource.name}` : `# ${idOf(resource)}: ${resource.why}\n`;
    assert.ok(script.includes(`\n${trace}`), trace);
  }
  const header = script.split('\n').slice(0, 6);
  assert.deepEqual(header, [
    '#!/usr/bin/env bash',
    '# What is missing in project vicinity-local, as commands. Of one that fails, everything after it is left undone: plan again.',
    'set -euo pipefail',
    'export CLOUDSDK_CORE_PROJECT=vicinity-local CLOUDSDK_CORE_DISABLE_PROMPTS=1',
    'work=$(mktemp -d)',
    `trap 'rm -rf "$work"' EXIT`,
  ]);
});

test('shellcheck finds nothing', { skip: withoutProgram('shellcheck') }, () => {
  execFileSync('shellcheck', ['--shell=bash', '-'], { input: script });
});

test('a subscription pushes to the address that its function has by then', () => {
  assert.ok(
    script.includes(`# subscription start-run: delivers vicinity-run to start-run
url=$(gcloud functions describe start-run --gen2 --region=us-east4 --format='value(serviceConfig.uri)')
gcloud pubsub subscriptions create start-run \\
  --topic=vicinity-run \\
  --ack-deadline=600 \\
  --message-retention-duration=604800s \\
  --expiration-period=never \\
  --min-retry-delay=10s \\
  --max-retry-delay=600s \\
  --dead-letter-topic=vicinity-dead-letter \\
  --max-delivery-attempts=20 \\
  --push-endpoint="$url/projects/vicinity-local/topics/vicinity-run" \\
  --push-auth-service-account=vicinity-push@vicinity-local.iam.gserviceaccount.com \\
  --push-auth-token-audience="$url"
`),
  );
});

test('a policy that is not wanted is cleared, and a subscription of another topic makes way', () => {
  const changed = scriptFor({
    'subscription vicinity-dead-letter': { retry: { minimum: 20, maximum: 60 } },
    'subscription start-run': { topic: 'elsewhere' },
  });
  assert.match(
    changed,
    /^gcloud pubsub subscriptions delete start-run\nurl=.*\ngcloud pubsub subscriptions create start-run \\\n {2}--topic=vicinity-run \\$/m,
  );
  assert.match(
    changed,
    /^gcloud pubsub subscriptions update vicinity-dead-letter \\\n {2}--clear-retry-policy \\\n {2}--clear-dead-letter-policy \\\n {2}--push-endpoint= \\$/m,
  );
});

test('only what differs is changed on a VM that exists, and only the missing member is granted', () => {
  const changed = scriptFor({
    'instance vicinity-batch': { automaticRestart: true },
    'grants topic vicinity-run-finished': undefined,
  });
  assert.equal(
    changed.split('\n').slice(6).join('\n'),
    `
# instance vicinity-batch: runs the jobs; off between runs
gcloud compute instances set-scheduling vicinity-batch \\
  --zone=us-east4-c \\
  --no-restart-on-failure \\
  --max-run-duration=72000s \\
  --instance-termination-action=STOP

# grants topic vicinity-run-finished: the VM reports completions
gcloud pubsub topics add-iam-policy-binding vicinity-run-finished \\
  --member=serviceAccount:vicinity-vm@vicinity-local.iam.gserviceaccount.com \\
  --role=roles/pubsub.publisher
`,
  );
});

test('a new VM is a Shielded VM with OS Login, and has an external address only if the configuration asks for it', () => {
  assert.match(script, /^ {2}--metadata=enable-oslogin=TRUE,block-project-ssh-keys=TRUE \\$/m);
  assert.match(
    script,
    /^ {2}--shielded-secure-boot \\\n {2}--shielded-vtpm \\\n {2}--shielded-integrity-monitoring \\\n {2}--no-address \\$/m,
  );
  for (const key of ['externalAddress', 'staticAddress']) {
    const config = configOf(`vm:\n  ${key}: true\n`);
    assert.ok(
      !gcloudScript(config, plan(smallTable(config), new Map()), '/opt').includes('--no-address'),
      key,
    );
  }
});

test('says so where there is nothing to do', () => {
  assert.match(scriptFor({}), /\n\n# Nothing: everything is as it should be\.\n$/);
});

test('a shell reads back every word and every file as it was', () => {
  for (const value of ["it's", 'a b', '$HOME `x` "y"', '', 'plain-word_1', '*']) {
    const output = execFileSync('bash', ['-c', `printf %s ${shellWord(value)}`], { encoding: 'utf8' });
    assert.equal(output, value);
  }
  const content = 'END\nEND_\n$x `y` \\\n';
  const lines = ['work=$(mktemp -d)', ...fileLines('f', content), 'cat "$work/f"; rm -r "$work"'];
  assert.equal(execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' }), content);
});
