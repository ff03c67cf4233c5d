/** How Cloud Storage bills an operation (https://cloud.google.com/storage/pricing#operations-by-class). */
export type StorageClass = 'A' | 'B' | 'free';

/**
 * List prices in US dollars of what a run's control plane uses, before the free tiers, which cover it all many times over.
 *
 * Operations: https://cloud.google.com/storage/pricing (Standard storage in a region). Functions, as Cloud Run services of tier 1, to
 * which us-east4 belongs: https://cloud.google.com/run/pricing. Messages: https://cloud.google.com/pubsub/pricing. Calls of the
 * Compute Engine API cost nothing.
 */
export const CONTROL_PLANE_PRICES = {
  asOf: '2026-11-24',
  /** Per operation. */
  storage: { A: 0.005 / 1000, B: 0.0004 / 1000, free: 0 },
  /** Per request, second of a vCPU and second of a GiB, while an event is handled. */
  functions: { request: 0.4 / 1e6, cpuSecond: 0.000024, memorySecond: 0.0000025 },
  /** Per byte published or delivered; a message counts as `leastBytes` at least. */
  messages: { byte: 40 / 2 ** 40, leastBytes: 1000 },
} as const;

/** The functions as they are deployed: 512 MB have a third of a vCPU (https://cloud.google.com/functions/docs/configuring/memory). */
const FUNCTION_SIZE = { cpus: 1 / 3, memoryGib: 0.5 };

const CLASS_A = new Set(['insert', 'patch', 'update', 'list', 'copy', 'rewrite', 'compose']);

/** The class of an operation such as `storage.objects.get`. */
export function storageClass(operation: string): StorageClass {
  const method = operation.split('.').at(-1) ?? '';
  if (method === 'delete') return 'free';
  return CLASS_A.has(method) ? 'A' : 'B';
}

/** Dollars for so many seconds in which one event was handled. */
export function functionCost(seconds: number): number {
  const { request, cpuSecond, memorySecond } = CONTROL_PLANE_PRICES.functions;
  const { cpus, memoryGib } = FUNCTION_SIZE;
  return request + seconds * (cpus * cpuSecond + memoryGib * memorySecond);
}

/** Dollars for so many small messages, each published once and delivered once. */
export function messageCost(messages: number): number {
  const { byte, leastBytes } = CONTROL_PLANE_PRICES.messages;
  return messages * 2 * leastBytes * byte;
}
