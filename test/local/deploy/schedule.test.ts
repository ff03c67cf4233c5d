import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Storage } from '@google-cloud/storage';
import { type Deployment, startDeployment } from '../../deploy/support/deployment.ts';

describe('vicinity schedule and doctor', { timeout: 300_000 }, () => {
  let project: Deployment;
  before(async () => {
    project = await startDeployment({ adopted: true });
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
  });

  test('doctor of a bare project: what is missing, and what mends it', async () => {
    const { code, stdout } = await project.call(['doctor']);
    assert.equal(code, 10);
    assert.match(stdout, /^✗ table +missing: api .*more\n +vicinity deploy apply$/m);
    assert.match(
      stdout,
      /^✗ instance vicinity-batch +runs as 123456789012-compute@developer\.gserviceaccount\.com, not as vicinity-vm@.*\n +gcloud compute instances set-service-account vicinity-batch --zone=us-east4-c /m,
    );
    assert.match(
      stdout,
      /^✗ Slack webhook +is not set: nobody is notified when a run ends\n +vicinity deploy secret < webhook\.txt$/m,
    );
  });

  test('doctor of a deployed project finds it well, and tells what it costs while idle', async () => {
    await project.deploy(['apply', '--yes']);
    await project.deploy(['secret'], 'https://hooks.slack.com/services/T0/B0/x');
    const { code, stdout } = await project.call(['doctor']);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^✓ project vicinity-local +has everything that the system needs$/m);
    assert.match(stdout, /^✓ instance vicinity-batch +TERMINATED, ready for a run$/m);
    assert.match(
      stdout,
      /^✓ idle cost +\$44\.00 a month: \$44\.00 disk \(500 GiB hyperdisk-balanced\), under a cent bucket \(\d\.\d KB\)/m,
    );
  });

  test('show tells the next firings by the schedule\u2019s own clock', async () => {
    const { stdout } = await project.call(['schedule', 'show']);
    assert.match(
      stdout,
      /^vicinity-weekly {2}0 3 \* \* 1 {2}America\/New_York {2}on\n {2}last {2}never\n {2}next {2}Mon, \d+ \w+ \d{4}, 03:00 GMT-[45]$/m,
    );
    const { stdout: json } = await project.call(['schedule', 'show', '--json']);
    const jobs = JSON.parse(json) as { job: string; next: string[] }[];
    assert.deepEqual(
      jobs.map(({ job, next }) => [job, next.length]),
      [
        ['vicinity-sweep', 3],
        ['vicinity-retire', 3],
        ['vicinity-weekly', 3],
      ],
    );
  });

  test('set changes the job, and says what vicinity.yaml should say', async () => {
    const { code, stdout, stderr } = await project.call(['schedule', 'set', 'weekly', '--cron', '0 5 * * 2']);
    assert.equal(code, 0, stderr);
    assert.match(
      stdout,
      /^weekly fires at 0 5 \* \* 2 \(America\/New_York\), next \w{3}, \d\d \w{3} \d{4}, 05:00 GMT-[45]\.$/m,
    );
    assert.equal(
      stderr,
      `warning: vicinity.yaml says otherwise, and the next vicinity deploy apply would take this back. Write there:
schedules:
  weekly:
    cron: "0 5 * * 2"
    timeZone: America/New_York
`,
    );
    assert.deepEqual(await project.planned(), ['update schedule vicinity-weekly']);
    await project.deploy(['apply', '--yes']);
  });

  test('what cannot be set is refused with every fault', async () => {
    const { code, stderr } = await project.call([
      ...['schedule', 'set', 'weekly', '--cron', '61 * * * *', '--time-zone', 'Mars/Olympus'],
    ]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^error: --cron: must be unix cron.*\n--time-zone: Mars\/Olympus is not in the tz database\./,
    );
    const nothing = await project.call(['schedule', 'set', 'weekly']);
    assert.deepEqual(
      [nothing.code, nothing.stderr],
      [2, 'error: schedule set: has nothing to set. Pass --cron, --time-zone, or both.\n'],
    );
    const unknown = await project.call(['schedule', 'pause', 'nightly']);
    assert.equal(unknown.code, 4);
    assert.match(
      unknown.stderr,
      /^error: There is no Cloud Scheduler job vicinity-nightly\. Name the schedule under/,
    );
  });

  test('pause and resume: nothing is missed meanwhile, and apply leaves it paused', async () => {
    const record = async () => {
      const file = new Storage({ projectId: 'vicinity-local' })
        .bucket('vicinity-local')
        .file('control/schedules/weekly.json');
      return JSON.parse(String((await file.download())[0])) as { paused?: { by: string } };
    };
    const paused = await project.call(['schedule', 'pause', 'weekly']);
    assert.equal(paused.stdout, 'weekly is paused. Resume it with vicinity schedule resume weekly.\n');
    assert.equal((await record()).paused?.by, 'ada');
    assert.match(
      (await project.call(['doctor'])).stdout,
      /^✗ schedule vicinity-weekly +is paused\n +vicinity schedule resume weekly$/m,
    );
    assert.deepEqual(await project.planned(), []);
    const resumed = await project.call(['schedule', 'resume', 'weekly']);
    assert.match(resumed.stdout, /^weekly fires again, next \w{3}, \d\d \w{3} \d{4}, 03:00 GMT-[45]\.$/m);
    assert.equal((await record()).paused, undefined);
  });

  test('run fires it now', async () => {
    const { code, stdout } = await project.call(['schedule', 'run', 'weekly']);
    assert.deepEqual([code, stdout], [0, 'weekly was fired. vicinity status shows its run.\n']);
  });
});
