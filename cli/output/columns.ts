import { cut, widthOf } from '../../shared/text/wrap.ts';
import type { Paint } from './colour.ts';

/** A column of a table that fits a terminal. */
export interface Column<T> {
  title: string;
  cell(row: T): string;
  isNumber?: boolean;
  /** Columns with the highest value are left out first on a narrow terminal. Absent: never left out. */
  expendable?: number;
  /** Its texts, which have no colours, are cut once all expendable columns are left out. */
  canShrink?: boolean;
}

const GAP = '  ';
const LEAST_SHRUNK = 8;

/** A table with a heading. Where it is wider than `width`, expendable columns are left out, and then one is cut. */
export function columnTable<T>(columns: Column<T>[], rows: T[], width: number, paint: Paint): string {
  const drawn = columns.map((column) => {
    const cells = rows.map((row) => column.cell(row));
    return { column, cells, width: Math.max(column.title.length, ...cells.map(widthOf)) };
  });
  const kept = shrunk(fitting(drawn, width), width);
  const line = (cellOf: (each: (typeof drawn)[number]) => string) =>
    kept
      .map((each) => pad(cellOf(each), each.width, each.column.isNumber ?? false))
      .join(GAP)
      .trimEnd();
  const heading = line(({ column }) => column.title);
  return [
    ...(heading ? [paint('dim', heading)] : []),
    ...rows.map((_, index) => line(({ cells }) => cells[index] ?? '')),
  ].join('\n');
}

interface Drawn {
  column: { title: string; expendable?: number; canShrink?: boolean };
  cells: string[];
  width: number;
}

function fitting<T extends Drawn>(columns: T[], width: number): T[] {
  const total = totalOf(columns);
  const [last] = columns
    .filter(({ column }) => column.expendable !== undefined)
    .toSorted((a, b) => (b.column.expendable ?? 0) - (a.column.expendable ?? 0));
  if (total <= width || !last) return columns;
  return fitting(
    columns.filter((each) => each !== last),
    width,
  );
}

function shrunk<T extends Drawn>(columns: T[], width: number): T[] {
  const excess = totalOf(columns) - width;
  if (excess <= 0) return columns;
  return columns.map((each) => {
    if (!each.column.canShrink) return each;
    const room = Math.max(LEAST_SHRUNK, each.width - excess);
    return { ...each, width: Math.min(each.width, room), cells: each.cells.map((cell) => cut(cell, room)) };
  });
}

function totalOf(columns: Drawn[]): number {
  return columns.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length);
}

function pad(cell: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(width - widthOf(cell));
  return isNumber ? space + cell : cell + space;
}
