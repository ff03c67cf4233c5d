import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { add, type Exploration, nothingExplored, type Seeds } from './explore.ts';

/** Seeds that a worker takes at a time. */
const BLOCK = 10;

/** Told after every block how many seeds are done. */
export type OnProgress = (done: number) => void;

/**
 * Explores seeds by several workers at once. The result is that of `explore`, whatever the number of workers: blocks are taken in
 * order, and what lies beyond the first violation does not count.
 */
export async function exploreByJobs(
  seeds: Seeds,
  jobs: number,
  onProgress: OnProgress = () => {},
): Promise<Exploration> {
  const blocks = blocksOf(seeds);
  const results: Exploration[] = [];
  let [next, last, done] = [0, blocks.length - 1, 0];

  await Promise.all(Array.from({ length: Math.min(jobs, blocks.length) }, work));
  const sum = nothingExplored();
  for (const result of results.slice(0, last + 1)) add(sum, result);
  return sum;

  async function work(): Promise<void> {
    const worker = new Worker(new URL('./job.ts', import.meta.url));
    try {
      while (next <= last) {
        const index = next++;
        worker.postMessage(blocks[index]);
        const [result] = (await once(worker, 'message')) as [Exploration];
        results[index] = result;
        if (result.violations.length > 0 && !seeds.keepGoing) last = Math.min(last, index);
        done += result.runs;
        onProgress(done);
      }
    } finally {
      await worker.terminate();
    }
  }
}

function blocksOf(seeds: Seeds): Seeds[] {
  return Array.from({ length: Math.ceil(seeds.count / BLOCK) }, (_, index) => ({
    ...seeds,
    first: seeds.first + index * BLOCK,
    count: Math.min(BLOCK, seeds.count - index * BLOCK),
  }));
}
