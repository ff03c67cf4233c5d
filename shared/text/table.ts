import { widthOf, wrap } from './wrap.ts';

const GAP = '  ';
/** Narrower than this, a column of words is worse to read than lines that the terminal breaks. */
const LEAST_WRAPPED = 20;

/** `isCommand`: it is copied, and so is never broken. */
export type Row = [label: string, text: string, isCommand?: boolean];

/** Lines of a label and a text each; what does not fit into `width` goes on in the next line, below the text. */
export function table(rows: Row[], width: number): string {
  const indent = Math.max(0, ...rows.map(([label]) => widthOf(label))) + GAP.length;
  const room = width - indent < LEAST_WRAPPED ? Number.POSITIVE_INFINITY : width - indent;
  const lines = rows.flatMap(([label, text, isCommand]) =>
    (isCommand ? [text] : wrap(text, room)).map(
      (line, index) => pad(index === 0 ? label : '', indent) + line,
    ),
  );
  return lines.map((line) => line.trimEnd()).join('\n');
}

function pad(label: string, width: number): string {
  return label + ' '.repeat(width - widthOf(label));
}
