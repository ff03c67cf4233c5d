import { z } from 'zod';
import { isMap } from '../is-map.ts';
import { durationSeconds } from './duration.ts';
import { machineType, PARAM_NAME, TARGET } from './names.ts';
import { matchesWhole, pattern as patternSchema } from './params.ts';

/** A job runs for at most 14 days (https://docs.cloud.google.com/batch/quotas); the rest is for the upload. */
export const MAX_SHARDED_DURATION = '13d';
export const MAX_SHARDS = 2000;

const PLACE = /^(?![/~-])(?!.*(?:^|\/)\.\.(?:\/|$))[\w@+,=./-]{0,200}\{shard\}[\w@+,=./-]{0,200}$/;

const shardValues = z
  .array(z.string().min(1))
  .min(2, 'must list at least two shards')
  .max(MAX_SHARDS, `must list at most ${MAX_SHARDS} shards`)
  .refine((values) => new Set(values).size === values.length, 'must not list a shard twice');

/** How a target is split into shards, and how their results become one. */
export const targetShards = z
  .strictObject({
    by: z
      .string()
      .regex(PARAM_NAME, 'must be an upper-case make variable name such as STATES')
      .describe('The parameter that has one value in each shard.'),
    values: shardValues.describe('The shards of a request that asks for the configured ones.'),
    place: z
      .string()
      .regex(PLACE, 'must be a path below an output that contains {shard} once, such as state={shard}')
      .optional()
      .describe('The directory in each output that holds the files of one shard, such as state={shard}.'),
    merge: z
      .string()
      .regex(TARGET, 'must be a make target')
      .optional()
      .describe('The make target that merges the outputs of all shards, in a job of its own.'),
    machineType: machineType.optional().describe('The machine of each shard.'),
    machineTypes: z
      .record(z.string(), machineType)
      .default({})
      .describe('Machine types of single shards, by value.'),
    failFast: z.boolean().default(false).describe('Whether the first failed shard cancels the others.'),
  })
  .refine(({ place, merge }) => place === undefined || merge === undefined, {
    path: ['merge'],
    message:
      'must not be set beside place: either the outputs have a directory per shard, or a target merges them',
  })
  .describe('How a request may split this target over several machines.');

/** Where sharded runs execute. */
export const batch = z
  .strictObject({
    region: z
      .string()
      .regex(/^[a-z]+-[a-z]+\d+$/, 'must be a region such as us-east4')
      .describe('Of the jobs and their VMs.'),
    maxParallel: z.int().min(1).max(2000).default(16).describe('VMs at a time.'),
    disk: z
      .strictObject({ sizeGb: z.int().min(10).max(65_536).default(100).describe('Its size in GiB.') })
      .prefault({})
      .describe('The boot disk of each VM; its type follows from the machine family.'),
    image: z
      .string()
      .regex(
        /^(projects\/[a-z0-9:.-]+\/global\/images\/(family\/)?)?[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
        'must be an image such as projects/my-project/global/images/my-image',
      )
      .optional()
      .describe('The boot image, such as one from `vicinity image bake`; without it, Debian.'),
  })
  .describe('Google Cloud Batch, for sharded runs. Without it, a sharded request is refused.');

/** One rule that the configuration of shards breaks. */
export interface ShardingIssue {
  path: string[];
  message: string;
}

/** The rules between `targets.*.shards`, the parameters and the time limits. Whatever was refused already may be of any shape. */
export function shardingIssues(config: Record<string, unknown>): ShardingIssue[] {
  if (!isMap(config.targets)) return [];
  return Object.entries(config.targets).flatMap(([name, target]) => {
    if (!isMap(target)) return [];
    const { success, data: shards } = targetShards.safeParse(target.shards);
    if (!success) return [];
    const limits = isMap(config.limits) ? config.limits : {};
    const at = ['targets', name];
    return [
      ...valueIssues(shards, declaredParams(config.params, target.params)).map(({ path, message }) => ({
        path: [...at, 'shards', ...path],
        message,
      })),
      ...durationIssues(target.maxDuration ?? limits.maxDuration).map((message) => ({
        path: [...at, target.maxDuration === undefined ? 'shards' : 'maxDuration'],
        message,
      })),
    ];
  });
}

function declaredParams(...levels: unknown[]): Map<string, unknown> {
  return new Map(levels.flatMap((level) => (isMap(level) ? Object.entries(level) : [])));
}

function valueIssues(
  { by, values, machineTypes }: z.output<typeof targetShards>,
  declared: Map<string, unknown>,
): ShardingIssue[] {
  const param = declared.get(by);
  if (!isMap(param) || typeof param.pattern !== 'string')
    return [{ path: ['by'], message: `is ${by}, but must be a parameter of the target` }];
  const { pattern } = param;
  const unfit = patternSchema.safeParse(pattern).success
    ? values.filter((value) => !matchesWhole(pattern, value))
    : [];
  const unknown = Object.keys(machineTypes).filter((value) => !values.includes(value));
  return [
    ...unfit.map((value) => ({
      path: ['values', String(values.indexOf(value))],
      message: `is ${JSON.stringify(value)}, which does not match the pattern of ${by}`,
    })),
    ...unknown.map((value) => ({
      path: ['machineTypes', value],
      message: 'must be one of the shards in values',
    })),
  ];
}

function durationIssues(maxDuration: unknown): string[] {
  const seconds = typeof maxDuration === 'string' ? durationSeconds(maxDuration) : undefined;
  if (seconds === undefined || seconds <= (durationSeconds(MAX_SHARDED_DURATION) ?? 0)) return [];
  return [
    `must have a time limit of at most ${MAX_SHARDED_DURATION} (is ${maxDuration}): a Batch job runs for 14 days`,
  ];
}
