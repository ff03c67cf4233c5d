import { readDeployedConfig, recordDeployedConfig } from '../shared/config/deployed.ts';
import type { Config } from '../shared/config/schema.ts';

/** Records in the local bucket what the functions of this local cloud are configured with. Throws Error where it does not answer. */
export async function recordLocalConfig(env: Record<string, string>, config: Config): Promise<void> {
  await recordDeployedConfig({ put }, config);

  async function put(name: string, text: string): Promise<void> {
    const query = new URLSearchParams({ uploadType: 'media', name });
    const url = `${env.STORAGE_EMULATOR_HOST}/upload/storage/v1/b/${config.bucket}/o?${query}`;
    const { ok, status } = await fetch(url, { method: 'POST', body: text });
    if (!ok) throw new Error(`POST ${url} answered ${status}.`);
  }
}

/** What the functions of a running local cloud are configured with; undefined where it has recorded nothing. */
export async function readLocalConfig(
  env: Record<string, string>,
  instance: string,
): Promise<Config | undefined> {
  return await readDeployedConfig({ read }, instance);

  async function read(name: string) {
    const url = `${env.STORAGE_EMULATOR_HOST}/storage/v1/b/${env.VICINITY_BUCKET}/o/${encodeURIComponent(name)}?alt=media`;
    const response = await fetch(url);
    return response.ok ? { text: await response.text(), generation: '' } : undefined;
  }
}
