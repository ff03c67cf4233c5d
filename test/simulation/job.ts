import { parentPort } from 'node:worker_threads';
import { explore, type Seeds } from './explore.ts';

/** A worker of exploreByJobs: answers each message, which names seeds, with what they show. */
parentPort?.on('message', async (seeds: Seeds) => parentPort?.postMessage(await explore(seeds)));
