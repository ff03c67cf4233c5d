import type { DeployCall, DeployExit } from '../../shared/ports/deploy-program.ts';
import { checkAccount } from '../doctor/account.ts';
import type { Check, Patient } from '../doctor/checks.ts';
import { checkIdleCost } from '../doctor/idle-cost.ts';
import { checkInstance } from '../doctor/instance.ts';
import { checkQuota } from '../doctor/quota.ts';
import { checkSchedules } from '../doctor/schedules.ts';
import { checkTable } from '../doctor/table.ts';
import { checkWebhook } from '../doctor/webhook.ts';
import { connectionOf } from '../project-table.ts';
import { type Finding, reportFindings } from '../verify/finding.ts';
import { currentPlan } from './plan.ts';

const CHECKS: [subject: string, check: Check][] = [
  ['account', checkAccount],
  ['table', checkTable],
  ['instance', checkInstance],
  ['quota', checkQuota],
  ['schedules', checkSchedules],
  ['Slack webhook', checkWebhook],
  ['idle cost', checkIdleCost],
];

/** Reports problems, each with the command that fixes it. Changes nothing. */
export async function doctor(call: DeployCall): Promise<DeployExit> {
  return reportFindings(call, await examine(call));
}

/** Nothing can be checked without the project. */
async function examine(call: DeployCall): Promise<Finding[]> {
  const connection = connectionOf(call);
  let patient: Patient;
  try {
    patient = { call, connection, changes: await currentPlan(call, connection) };
  } catch (error) {
    return [
      {
        subject: `project ${call.config.project}`,
        problem: (error as Error).message,
        remedy: 'gcloud auth application-default login, or correct project in vicinity.yaml',
      },
    ];
  }
  const findings: Finding[] = [];
  for (const [subject, check] of CHECKS) {
    call.screen.live.draw(`checking ${subject} …`);
    findings.push(...(await check(patient).catch((error: Error) => [unreadable(subject, error)])));
  }
  return findings;
}

function unreadable(subject: string, { message }: Error): Finding {
  return { subject, problem: `could not be checked: ${message}`, remedy: 'Fix this first, then repeat.' };
}
