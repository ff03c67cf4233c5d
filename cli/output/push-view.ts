import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import { inputName, packageName } from '../../shared/model/layout.ts';
import { type Row, table } from '../../shared/text/table.ts';
import type { SourcePackage } from '../source/package.ts';
import type { Transfer } from '../source/publish.ts';
import type { Paint } from './colour.ts';

export interface PushResult {
  source: SourcePackage;
  transfers: Transfer[];
  bucket: string;
  dryRun: boolean;
}

/** The result of a push as a table. */
export function pushView(result: PushResult, width: number, paint: Paint): string {
  const { sha256, bytes, files, manifest } = result.source;
  const base = manifest.commit ? `commit ${manifest.commit.slice(0, 12)}` : 'no commit yet';
  const inputs = manifest.inputs.map(
    (input) => `${input.path}: ${describeBytes(input.bytes)}, ${fate(result, inputName(input.sha256))}`,
  );
  const rows: Row[] = [
    [paint('dim', 'Package'), paint('bold', sha256)],
    [
      paint('dim', 'Size'),
      `${describeBytes(bytes)}, ${count(files, 'file')}, ${fate(result, packageName(sha256))}`,
    ],
    [paint('dim', 'Source'), `${base}${manifest.dirty ? ', with uncommitted changes' : ''}`],
    ...inputs.map((input, index): Row => [index === 0 ? paint('dim', 'Inputs') : '', input]),
    [paint('dim', 'Next'), result.dryRun ? 'vicinity push' : 'vicinity run'],
  ];
  return table(rows, width);
}

/** The result of a push as JSON. */
export function pushRecord(result: PushResult) {
  const { sha256, bytes, files, manifest, warnings } = result.source;
  return {
    sha256,
    package: `gs://${result.bucket}/${packageName(sha256)}`,
    bytes,
    files,
    ...(manifest.commit && { commit: manifest.commit }),
    dirty: manifest.dirty,
    uploaded: isUploaded(result, packageName(sha256)),
    inputs: manifest.inputs.map((input) => ({
      ...input,
      uploaded: isUploaded(result, inputName(input.sha256)),
    })),
    warnings,
    dryRun: result.dryRun,
  };
}

function fate({ transfers, dryRun }: PushResult, name: string): string {
  if (transfers.some((each) => each.name === name && each.isThere)) return 'already present';
  return dryRun ? 'would be uploaded' : 'uploaded';
}

function isUploaded({ transfers, dryRun }: PushResult, name: string): boolean {
  return !dryRun && transfers.some((each) => each.name === name && !each.isThere);
}
