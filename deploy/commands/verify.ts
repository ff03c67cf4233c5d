import { PubSub } from '@google-cloud/pubsub';
import type { DeployCall, DeployExit } from '../../shared/ports/deploy-program.ts';
import { policies } from '../google/policies.ts';
import { googleProviders } from '../google/providers.ts';
import { type Change, observe, plan } from '../plan/plan.ts';
import { connectionOf, projectTable } from '../project-table.ts';
import { sendCanaries } from '../verify/canary.ts';
import { driftOf } from '../verify/drift.ts';
import { type Finding, reportFindings } from '../verify/finding.ts';
import { findUnexpectedMembers } from '../verify/unexpected-members.ts';

/** Reads back what is deployed, looks for rights of unexpected members, and sends a canary through every function. */
export async function verify(
  call: DeployCall,
  { canary, waitSeconds }: { canary: boolean; waitSeconds: number },
): Promise<DeployExit> {
  const { config, screen } = call;
  const connection = connectionOf(call);
  const table = await projectTable(call, connection);
  screen.live.draw(`reading ${table.length} resources …`);
  const changes = plan(table, await observe(table, googleProviders(connection)));
  const drift = changes.filter(({ action }) => action !== 'none').map(driftOf);
  const pubsub = new PubSub({ projectId: config.project });
  const findings = [
    ...(drift.length > 0
      ? drift
      : [{ subject: 'table', fine: `${table.length} resources are as they should be` }]),
    ...(await findUnexpectedMembers(table, policies(connection, pubsub))),
    ...(canary ? await canaries(call, changes, waitSeconds) : []),
  ];
  return reportFindings(call, findings);
}

/** Functions that are not the ones of the table would take a canary for a request. */
async function canaries(call: DeployCall, changes: Change[], waitSeconds: number): Promise<Finding[]> {
  const isCurrent = changes.every(
    ({ action, resource }) => resource.kind !== 'function' || action === 'none',
  );
  if (isCurrent) return sendCanaries(call, waitSeconds);
  return [
    {
      subject: 'canary',
      problem: 'was not sent: the functions are not up to date',
      remedy: 'vicinity deploy apply',
    },
  ];
}
