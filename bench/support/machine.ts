import { cpus, loadavg, totalmem } from 'node:os';

/** When and on what something was measured. */
export interface Circumstances {
  date: string;
  node: string;
  machine: string;
  /** Processes that wanted to run, on average of the last minute. */
  load: number;
}

export function circumstances(): Circumstances {
  const [processor] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    machine: `${cpus().length} × ${processor?.model.trim() ?? 'unknown processor'}, ${gigabytes} GiB`,
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
