import type { Condition } from './resource.ts';

/**
 * IAM conditions on objects' names (https://cloud.google.com/iam/docs/conditions-attribute-reference#resource-name). Listing is a
 * right on the bucket, which a condition on names alone does not fulfil.
 */

/** Objects below one of the prefixes. */
export function below(title: string, bucket: string, prefixes: string[]): Condition {
  return { title, expression: anyOf(prefixes.map((prefix) => startsWith(bucket, prefix))) };
}

/**
 * Objects below one of the prefixes, and the names of all: only who may list is told that an object does not exist (404); everybody
 * else is refused (403).
 */
export function belowAndListed(title: string, bucket: string, prefixes: string[]): Condition {
  const { expression } = below(title, bucket, prefixes);
  return { title, expression: `resource.type == "storage.googleapis.com/Bucket" || ${expression}` };
}

/** Objects below the prefix whose name ends in one of the suffixes. */
export function matching(title: string, bucket: string, prefix: string, suffixes: string[]): Condition {
  const endings = anyOf(suffixes.map((suffix) => `resource.name.endsWith("${suffix}")`));
  return { title, expression: `${startsWith(bucket, prefix)} && (${endings})` };
}

function startsWith(bucket: string, prefix: string): string {
  return `resource.name.startsWith("projects/_/buckets/${bucket}/objects/${prefix}")`;
}

function anyOf(expressions: string[]): string {
  return expressions.join(' || ');
}
