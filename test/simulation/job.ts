import { parentPort } from 'node:worker_threads';
import { explore, type Seeds } from './explore.ts';

/** Stack traces of passing faults cost more than they tell; `--trace` shows them. */
Error.stackTraceLimit = 0;

/** A worker of exploreByJobs: answers each message, which names seeds, with what they show. */
parentPort?.on('message', async (seeds: Seeds) => parentPort?.postMessage(await explore(seeds)));
