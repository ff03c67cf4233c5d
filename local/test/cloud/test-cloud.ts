import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../shared/config/load.ts';
import type { Activity } from '../../activity.ts';
import { type Cloud, startCloud } from '../../cloud.ts';
import type { CloudOptions } from '../../cloud-options.ts';
import { writeStubBundles } from '../functions/stub-bundles.ts';

/** Says hello on the console, and switches the machine off. */
export const HELLO = '#!/bin/bash\necho "hello from the VM"\nshutdown -P now\n';

/** A folder of its own for a test file, with stub bundles. */
export function workFolder(): { path: string; functionsDir: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'cloud-'));
  const functionsDir = writeStubBundles(join(path, 'bundles'));
  return { path, functionsDir, remove: () => rmSync(path, { recursive: true }) };
}

/** A cloud on free ports, with the default configuration, whose VM says hello. */
export function startTestCloud(
  options: Pick<CloudOptions, 'stateDir' | 'functionsDir'> & Partial<CloudOptions>,
): Promise<Cloud> {
  const config = loadConfig({ env: {} });
  return startCloud({ portBase: 0, config, startupScript: HELLO, ...options });
}

/** Resolves with the first activity from now on that `wanted` picks. */
export function nextActivity(cloud: Cloud, wanted: (activity: Activity) => boolean): Promise<Activity> {
  return new Promise((resolve) => {
    cloud.onActivity((activity) => {
      if (wanted(activity)) resolve(activity);
    });
  });
}

export const becomes = (status: string) => (activity: Activity) =>
  activity.kind === 'instance' && activity.status === status;

export const answers = (name: string) => (activity: Activity) =>
  activity.kind === 'function' && activity.event.function === name;

export async function getJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  return (await (await fetch(url, init)).json()) as T;
}
