import type { ValidationIssue } from '../errors.ts';
import { LATEST_PACKAGE, packageName } from '../model/layout.ts';
import { latestPackageSchema } from '../model/package.ts';
import type { RunSpec } from '../model/spec.ts';
import type { ObjectStore } from '../ports/objects.ts';
import { MalformedDocumentError, readDocument } from '../records/documents.ts';

export type FoundPackage = { source: RunSpec['source'] } | { issues: ValidationIssue[] };

/** The package that a request means by `latest` or a hash, once it is seen to be whole and safe to unpack. */
export async function findPackage(objects: ObjectStore, wanted: string): Promise<FoundPackage> {
  const sha256 = wanted === 'latest' ? await latest(objects) : wanted;
  if (typeof sha256 !== 'string') return { issues: [sha256] };
  const name = packageName(sha256);
  if (!(await objects.stat(name))) return { issues: [missing(objects, name)] };
  // Not loaded for the messages that name no package.
  const { inspectPackage } = await import('./inspect-package.ts');
  const inspected = await inspectPackage(await objects.open(name), sha256, `gs://${objects.bucket}/${name}`);
  if ('issues' in inspected) return inspected;
  const { commit, dirty } = inspected.manifest ?? {};
  return { source: { sha256, ...(commit && { commit }), ...(dirty !== undefined && { dirty }) } };
}

async function latest(objects: ObjectStore): Promise<string | ValidationIssue> {
  try {
    const pointer = await readDocument(objects, LATEST_PACKAGE, latestPackageSchema);
    return pointer?.sha256 ?? missing(objects, LATEST_PACKAGE);
  } catch (error) {
    if (!(error instanceof MalformedDocumentError)) throw error;
    return { field: 'source', problem: error.message, remedy: 'Write it anew with vicinity push.' };
  }
}

function missing({ bucket }: ObjectStore, name: string): ValidationIssue {
  return {
    field: 'source',
    problem: `there is no gs://${bucket}/${name}`,
    remedy:
      'Upload the source with vicinity push, or name a package that exists (gcloud storage ls shows src/).',
  };
}
