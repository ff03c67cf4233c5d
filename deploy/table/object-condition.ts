import type { Condition } from './resource.ts';

/**
 * IAM conditions on object names (https://cloud.google.com/iam/docs/conditions-attribute-reference#resource-name). Listing is a
 * permission on the bucket, which a condition on object names alone does not grant.
 */

/** Objects below one of the prefixes. */
export function below(title: string, bucket: string, prefixes: string[]): Condition {
  return { title, expression: anyOf(prefixes.map((prefix) => startsWith(bucket, prefix))) };
}

/**
 * Objects below one of the prefixes, and listing: Cloud Storage answers 404 for a missing object only to a caller who may list, and
 * 403 to all others.
 */
export function belowAndListed(title: string, bucket: string, prefixes: string[]): Condition {
  const { expression } = below(title, bucket, prefixes);
  return { title, expression: `resource.type == "storage.googleapis.com/Bucket" || ${expression}` };
}

/** Objects below the prefix whose name ends in one of the suffixes. */
export function withSuffix(bucket: string, prefix: string, suffixes: string[]): string {
  const endings = anyOf(suffixes.map((suffix) => `resource.name.endsWith("${suffix}")`));
  return `(${startsWith(bucket, prefix)} && (${endings}))`;
}

/** Objects below the prefix whose name does not end in the suffix. */
export function withoutSuffix(bucket: string, prefix: string, suffix: string): string {
  return `(${startsWith(bucket, prefix)} && !resource.name.endsWith("${suffix}"))`;
}

/** Objects below the prefix, without the one object `name`. */
export function without(bucket: string, prefix: string, name: string): string {
  return `(${startsWith(bucket, prefix)} && resource.name != "${objectName(bucket, name)}")`;
}

export function anyOf(expressions: string[]): string {
  return expressions.join(' || ');
}

function startsWith(bucket: string, prefix: string): string {
  return `resource.name.startsWith("${objectName(bucket, prefix)}")`;
}

function objectName(bucket: string, name: string): string {
  return `projects/_/buckets/${bucket}/objects/${name}`;
}
