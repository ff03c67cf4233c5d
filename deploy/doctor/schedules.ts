import { scheduleJobId } from '../../shared/schedule/job.ts';
import { scheduledJobs } from '../google/jobs.ts';
import type { Finding } from '../verify/finding.ts';
import type { Check } from './checks.ts';

/** Jobs that are paused, or whose last firing failed. What is missing is in the table. */
export const checkSchedules: Check = async ({ connection, call: { config }, changes }) => {
  const jobs = scheduledJobs(connection);
  const ids = changes
    .filter(({ resource }) => resource.kind === 'schedule')
    .map(({ resource }) => resource.name);
  const names = new Map(Object.keys(config.schedules).map((name) => [scheduleJobId(name), name]));
  const findings: Finding[] = [];
  for (const id of ids) {
    const job = await jobs.find(id);
    const subject = `schedule ${id}`;
    if (job?.isPaused)
      findings.push({
        subject,
        problem: 'is paused',
        remedy: resumption(id, names.get(id), connection.region),
      });
    if (job?.lastError)
      findings.push({
        subject,
        problem: `its last firing failed: ${job.lastError}`,
        remedy: 'vicinity deploy verify',
      });
  }
  return findings.length > 0
    ? findings
    : [{ subject: 'schedules', fine: `${ids.length} jobs, none paused, none failing` }];
};

function resumption(id: string, name: string | undefined, region: string): string {
  return name
    ? `vicinity schedule resume ${name}`
    : `gcloud scheduler jobs resume ${id} --location=${region}`;
}
