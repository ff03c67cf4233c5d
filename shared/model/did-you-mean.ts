/** A sentence that proposes the nearest of the known names, or undefined where none is near. */
export function didYouMean(name: string, known: string[]): string | undefined {
  const nearest = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isNear = nearest && nearest.distance <= Math.max(2, name.length / 3);
  return isNear ? `Did you mean ${nearest.candidate}?` : undefined;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const row = [i + 1];
    for (const [j, right] of [...b].entries()) {
      const [above = 0, diagonal = 0, before = 0] = [previous[j + 1], previous[j], row[j]];
      row.push(Math.min(above + 1, before + 1, diagonal + (left === right ? 0 : 1)));
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
