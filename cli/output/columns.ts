import { stripVTControlCharacters } from 'node:util';
import type { Paint } from './colour.ts';

/** A column of a table that fits a terminal. */
export interface Column<T> {
  title: string;
  cell(row: T): string;
  isNumber?: boolean;
  /** The higher, the sooner it is left out where there is no room. Absent: never. */
  expendable?: number;
}

const GAP = '  ';

/** A table with a heading. Where it is wider than `width`, expendable columns are left out. */
export function columnTable<T>(columns: Column<T>[], rows: T[], width: number, paint: Paint): string {
  const drawn = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row));
    return { column, cells, width: Math.max(column.title.length, ...cells.map(widthOf)) };
  });
  const kept = fitting(drawn, width);
  const line = (cellOf: (each: (typeof drawn)[number]) => string) =>
    kept
      .map((each) => pad(cellOf(each), each.width, each.column.isNumber ?? false))
      .join(GAP)
      .trimEnd();
  const heading = paint(
    'dim',
    line(({ column }) => column.title),
  );
  return [heading, ...rows.map((_, index) => line(({ cells }) => cells[index] ?? ''))].join('\n');
}

function fitting<T extends { width: number; column: { expendable?: number } }>(
  columns: T[],
  width: number,
): T[] {
  const total = columns.reduce((sum, each) => sum + each.width + GAP.length, -GAP.length);
  const [last] = columns
    .filter(({ column }) => column.expendable !== undefined)
    .toSorted((a, b) => (b.column.expendable ?? 0) - (a.column.expendable ?? 0));
  if (total <= width || !last) return columns;
  return fitting(
    columns.filter((each) => each !== last),
    width,
  );
}

function pad(cell: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(width - widthOf(cell));
  return isNumber ? space + cell : cell + space;
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
