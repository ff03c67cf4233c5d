/** How many calls of each operation were answered with each status. */
export class CallCounts {
  #counts = new Map<string, Map<number, number>>();
  #byCaller = new Map<string, Map<string, number>>();

  /** `caller`: the function that made the call, if one did. */
  add(operation: string, status: number, caller = ''): void {
    const ofCaller = this.#byCaller.get(caller) ?? new Map<string, number>();
    ofCaller.set(operation, (ofCaller.get(operation) ?? 0) + 1);
    this.#byCaller.set(caller, ofCaller);
    const ofOperation = this.#counts.get(operation) ?? new Map<number, number>();
    ofOperation.set(status, (ofOperation.get(status) ?? 0) + 1);
    this.#counts.set(operation, ofOperation);
  }

  /** `{"storage.objects.get": {"200": 3, "404": 1}}`, by name. */
  toJSON(): Record<string, Record<string, number>> {
    const sorted = [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([operation, counts]) => [operation, Object.fromEntries(counts)]));
  }

  /** Calls of each operation that a function made; of nobody in particular: that no function did. */
  by(caller = ''): Map<string, number> {
    return new Map(this.#byCaller.get(caller));
  }

  clear(): void {
    this.#counts = new Map();
    this.#byCaller = new Map();
  }
}
