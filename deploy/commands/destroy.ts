import { InvalidError } from '../../shared/errors.ts';
import type { Output } from '../../shared/json-schemas/documents.ts';
import { count } from '../../shared/model/count.ts';
import type { DeployCall, DeployExit, DestroyOptions } from '../../shared/ports/deploy-program.ts';
import { googleProviders } from '../google/providers.ts';
import { observe } from '../plan/plan.ts';
import { providerOf } from '../plan/provider.ts';
import { connectionOf, projectTable } from '../project-table.ts';
import { idOf, type Kind, type Resource, type ResourceOf } from '../table/resource.ts';

/**
 * Removes the resources of the table, dependents first. Enabled services stay, because others may use them. The VM, its disk and,
 * unless `results` is set, the bucket stay and lose only what the system added to them. A repetition continues an interrupted call.
 * Throws InvalidError, with nothing removed, while the VM is on: its run would lose its results, and nobody would be notified.
 */
export async function destroy(call: DeployCall, options: DestroyOptions): Promise<DeployExit> {
  const { config, screen, json } = call;
  await confirmed(call, options);
  const connection = connectionOf(call);
  const table = await projectTable(call, connection);
  const providers = googleProviders(connection);
  screen.live.draw(`reading ${table.length} resources …`);
  const observed = await observe(table, providers);
  const there = table
    .filter(({ kind }) => removalOf(kind))
    .reverse()
    .filter((resource) => observed.has(idOf(resource)));
  for (const resource of there) await requireRemovable(resource);
  const removed: Resource[] = [];
  for (const resource of there) {
    screen.live.draw(`removing ${idOf(resource)} …`);
    await remove(resource);
    removed.push(resource);
    screen.note(
      `${screen.paint('red', '-')} ${idOf(resource)}${removalOf(resource.kind) === 'release' ? ' released' : ''}`,
    );
  }
  screen.live.clear();
  if (json)
    screen.json({ removed: removed.map(({ kind, name }) => ({ kind, name })) } satisfies Output<'destroy'>);
  else screen.data(`${count(removed.length, 'resource')} removed.`);
  if (observed.has(idOf({ kind: 'instance', name: config.instance })))
    screen.note(`The instance ${config.instance} stays, and its disk costs money while it exists.`);
  if (!options.results && observed.has(idOf({ kind: 'bucket', name: config.bucket })))
    screen.note(`The bucket ${config.bucket} stays with its results: --results deletes it.`);
  return 0;

  async function requireRemovable<K extends Kind>(resource: ResourceOf<K>): Promise<void> {
    await providerOf(providers, resource).requireRemovable?.(resource);
  }

  async function remove<K extends Kind>(resource: ResourceOf<K>): Promise<void> {
    const removal = removalOf(resource.kind);
    if (removal) await providerOf(providers, resource)[removal]?.(resource);
  }

  /** What happens to resources of a kind; undefined if they stay as they are. */
  function removalOf(kind: Kind): 'remove' | 'release' | undefined {
    const { remove, release } = providers[kind];
    if (remove && (!release || options.results)) return 'remove';
    return release && 'release';
  }
}

async function confirmed({ config }: DeployCall, { yes, confirm, results }: DestroyOptions): Promise<void> {
  if (yes) return;
  const what = results
    ? `and DELETES the bucket ${config.bucket} with every result`
    : 'and keeps the results';
  const typed = await confirm(
    `This removes the system from project ${config.project}, ${what}.\nType the project's name to go on: `,
  );
  if (typed === config.project) return;
  throw new InvalidError([
    {
      field: 'confirmation',
      problem: `is not ${config.project}`,
      remedy: 'Nothing was removed. Type the name as it is, or pass --yes.',
    },
  ]);
}
