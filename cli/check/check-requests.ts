import type { Config } from '../../shared/config/schema.ts';
import { checkRequest } from '../../shared/intake/check-request.ts';
import { errorOf, type Finding } from './finding.ts';

/** Whether the runs that vicinity.yaml itself asks for would be accepted: each target with its defaults, and each schedule. */
export function checkRequests(config: Config): Finding[] {
  const ofTargets = Object.keys(config.targets).map((target) => ({
    where: `targets.${target}`,
    request: { target },
  }));
  const ofSchedules = Object.entries(config.schedules).map(([name, schedule]) => {
    const { cron: _, timeZone: __, ...request } = schedule;
    return { where: `schedules.${name}`, request };
  });
  const findings = [...ofTargets, ...ofSchedules].flatMap(({ where, request }) => {
    const checked = checkRequest(request, config);
    const issues = 'issues' in checked ? checked.issues : [];
    return issues.map((issue) => errorOf({ ...issue, field: `${where}: ${issue.field}` }));
  });
  // A default that every target shares is wrong once.
  const problems = findings.map(({ problem }) => problem);
  return findings.filter(({ problem }, at) => problems.indexOf(problem) === at);
}
