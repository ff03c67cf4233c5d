import path from 'node:path';
import { describeBytes } from '../../shared/model/bytes.ts';
import { count } from '../../shared/model/count.ts';
import { type Row, table } from '../../shared/text/table.ts';
import type { Pulled } from '../results/pull.ts';
import type { Paint } from './colour.ts';

/** The result of a pull as a table; paths are relative to the working directory. */
export function pullView(pulled: Pulled, cwd: string, width: number, paint: Paint): string {
  const there = pulled.alreadyThere > 0 ? `, ${pulled.alreadyThere} already present` : '';
  const resumed =
    pulled.resumedBytes > 0 ? `, ${describeBytes(pulled.resumedBytes)} kept from an interrupted pull` : '';
  const short = (file: string) => path.relative(cwd, file) || '.';
  const rows = [
    ['Run', paint('bold', pulled.runId)],
    [
      'Results',
      `${short(pulled.directory)}: ${count(pulled.files, 'file')}, ${describeBytes(pulled.bytes)}${there}${resumed}`,
    ],
    ['Console', pulled.serialLog && short(pulled.serialLog)],
    [
      'Outputs',
      pulled.fanOut && `${count(pulled.fanOut.written.length, 'file')} copied into their own directories`,
    ],
  ];
  const shown = rows.flatMap(([label = '', text]): Row[] => (text ? [[paint('dim', label), text]] : []));
  return table(shown, width);
}
