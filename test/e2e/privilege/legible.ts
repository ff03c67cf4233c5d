import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { System } from '../harness.ts';

/** How often people can read a text: in Slack, in the functions' logs, on the VM's console, and in what was kept of that. */
export async function timesLegible(system: System, text: string): Promise<number> {
  const logs = join(system.stateDir, 'logs');
  const texts = [
    ...system.slack(''),
    ...readdirSync(logs).map((name) => readFileSync(join(logs, name), 'utf8')),
    await serialPort(system),
    ...(await keptConsoles(system)),
  ];
  return texts.join('\n').split(text).length - 1;
}

async function serialPort({ cloud: { config, endpoints } }: System): Promise<string> {
  const { project, zone, instance } = config;
  const path = `compute/v1/projects/${project}/zones/${zone}/instances/${instance}/serialPort`;
  return (await fetch(`${endpoints.compute}/${path}`)).text();
}

async function keptConsoles({ objects }: System): Promise<string[]> {
  const results = await objects.list({ prefix: 'results/' });
  const consoles = results.filter(({ name }) => name.endsWith('/serial.log'));
  return Promise.all(consoles.map(async ({ name }) => (await objects.read(name))?.text ?? ''));
}
