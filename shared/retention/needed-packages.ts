import { inspectPackage } from '../intake/inspect-package.ts';
import { inputName, LATEST_PACKAGE, packageName, specName } from '../model/layout.ts';
import { latestPackageSchema, type PackageManifest } from '../model/package.ts';
import { specSchema } from '../model/spec.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { readDocument } from '../records/documents.ts';

/**
 * Names of the packages and inputs that must stay: those of the newest package, and of the runs that have the VM or wait for it.
 * Undefined where no package was ever pushed by the command: then nothing can be said.
 */
export async function neededPackages(
  objects: ObjectStore,
  runIds: string[],
): Promise<Set<string> | undefined> {
  const latest = await readDocument(objects, LATEST_PACKAGE, latestPackageSchema);
  if (!latest) return undefined;
  const specs = await Promise.all(runIds.map((runId) => readDocument(objects, specName(runId), specSchema)));
  const packages = new Set([latest.sha256, ...specs.flatMap((spec) => spec?.source.sha256 ?? [])]);
  const needed = new Set<string>([LATEST_PACKAGE]);
  for (const sha256 of packages) {
    needed.add(packageName(sha256));
    for (const input of await inputsOf(objects, sha256)) needed.add(inputName(input.sha256));
  }
  return needed;
}

/** A package without a description of itself has no inputs. */
async function inputsOf(objects: ObjectStore, sha256: string): Promise<PackageManifest['inputs']> {
  const name = packageName(sha256);
  if (!(await objects.stat(name))) return [];
  const inspected = await inspectPackage(await objects.open(name), sha256, `gs://${objects.bucket}/${name}`);
  return 'manifest' in inspected ? (inspected.manifest?.inputs ?? []) : [];
}
