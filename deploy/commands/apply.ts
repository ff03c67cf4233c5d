import { recordDeployedConfig } from '../../shared/config/deployed.ts';
import { InvalidError, PermissionError } from '../../shared/errors.ts';
import { storageObjects } from '../../shared/google/storage-objects.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import {
  type ApplyOptions,
  type DeployCall,
  type DeployExit,
  EXIT_DIFFERS,
} from '../../shared/ports/deploy-program.ts';
import { bar } from '../../shared/text/bar.ts';
import { googleProviders } from '../google/providers.ts';
import { type ApplyObserver, apply } from '../plan/apply.ts';
import { type Change, isUpToDate, observe, plan } from '../plan/plan.ts';
import type { Providers } from '../plan/provider.ts';
import { connectionOf, projectTable } from '../project-table.ts';
import { idOf, type Resource } from '../table/resource.ts';
import { planView } from '../view/plan-view.ts';

const BAR_CELLS = 24;
const DONE = { create: 'created', update: 'changed', none: 'as it was' } as const;

/**
 * Changes the project to match the table and reports each step. Without `yes`, it shows the plan and asks first; it throws
 * InvalidError if there is nobody to ask.
 */
export async function applyTable(call: DeployCall, { yes, confirm }: ApplyOptions): Promise<DeployExit> {
  const { screen, clock, json } = call;
  if (!yes && !confirm) throw unconfirmed();
  const connection = connectionOf(call);
  const table = await projectTable(call, connection);
  const providers = googleProviders(connection);
  if (!yes && confirm && !(await isConfirmed(call, table, providers, confirm))) {
    screen.note('Nothing was changed.');
    return EXIT_DIFFERS;
  }
  const changed = await apply({ table, providers, clock, observer: observer(call, table.length) });
  await recordConfig(call);
  screen.live.clear();
  const record = { resources: table.length, changed: changed.flatMap(changeRecord) };
  if (json) screen.json(record satisfies Output<'apply'>);
  else if (changed.length === 0) screen.data(`All ${table.length} resources were as they should be.`);
  else
    screen.data(
      `${changed.length} of ${table.length} resources created or changed. The rest was as it should be.`,
    );
  return 0;
}

/** For `push` and `run`, which warn of another vicinity.yaml. The deployment is complete without it. */
async function recordConfig({ config, screen }: DeployCall): Promise<void> {
  try {
    await recordDeployedConfig(storageObjects(config.bucket, config.project), config);
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    screen.note(
      `The deployed configuration could not be recorded, so a stale vicinity.yaml goes unnoticed: ${error.message}`,
    );
  }
}

function unconfirmed(): InvalidError {
  return new InvalidError([
    {
      field: 'deploy apply',
      problem: 'asks before it changes the project, and there is no terminal to ask on',
      remedy: 'Read the output of vicinity deploy plan, then run vicinity deploy apply --yes.',
    },
  ]);
}

/** Shows the plan and asks; there is nothing to ask if the project matches the table. */
async function isConfirmed(
  { config, screen }: DeployCall,
  table: Resource[],
  providers: Providers,
  confirm: NonNullable<ApplyOptions['confirm']>,
): Promise<boolean> {
  const changes = plan(table, await observe(table, providers));
  if (isUpToDate(changes)) return true;
  screen.note(planView(config, changes, screen.columns, screen.paint));
  return /^y(es)?$/i.test(await confirm('Apply these changes? [y/N] '));
}

/** Prints a line per changed resource, with a progress bar below. */
function observer({ screen }: DeployCall, total: number): ApplyObserver {
  let done = 0;
  const draw = (what: string) =>
    screen.live.draw(`${bar(done / total, BAR_CELLS)} ${done} of ${total}  ${what}`);
  return {
    started: ({ resource }) => draw(idOf(resource)),
    waiting: (resource, { message }) => screen.note(`  waiting: ${idOf(resource)}: ${message}`),
    onChange(change) {
      done += 1;
      if (change.action !== 'none')
        screen.note(`${screen.paint('green', '✓')} ${idOf(change.resource)} ${DONE[change.action]}`);
      draw(idOf(change.resource));
    },
  };
}

function changeRecord({ action, resource: { kind, name } }: Change) {
  return action === 'none' ? [] : [{ action, kind, name }];
}
