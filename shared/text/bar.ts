/** `██████░░░░`: a share from 0 to 1 as so many cells. */
export function bar(share: number, cells: number): string {
  const filled = Math.round(Math.min(Math.max(share, 0), 1) * cells);
  return `${'█'.repeat(filled)}${'░'.repeat(cells - filled)}`;
}
