/** How many calls of each operation were answered with each status. */
export class CallCounts {
  #counts = new Map<string, Map<number, number>>();

  add(operation: string, status: number): void {
    const ofOperation = this.#counts.get(operation) ?? new Map<number, number>();
    ofOperation.set(status, (ofOperation.get(status) ?? 0) + 1);
    this.#counts.set(operation, ofOperation);
  }

  /** `{"storage.objects.get": {"200": 3, "404": 1}}`, by name. */
  toJSON(): Record<string, Record<string, number>> {
    const sorted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([operation, counts]) => [operation, Object.fromEntries(counts)]));
  }

  clear(): void {
    this.#counts = new Map();
  }
}
