/** The kinds of failure that decide who tries again. An adapter turns every SDK error into one of these, by its code. */

/** A fault that may pass (5xx, 429, a timeout, a broken connection): the caller's message is delivered again. */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly #fault: string;

  constructor(message: string, { fault = message, ...options }: ErrorOptions & { fault?: string } = {}) {
    super(message, options);
    this.#fault = fault;
  }

  /** The fault alone, for a person who waits for the answer: the message may say what happens where nobody does. */
  get fault(): string {
    return this.#fault;
  }
}

/** A fault of what is asked for again by a message that is delivered again. */
export function triedAgainLater(fault: string, options?: ErrorOptions): TransientError {
  return new TransientError(`${fault} Tried again later.`, { ...options, fault });
}

/** The account may not do this (401, 403) or a quota is used up: trying again does not help, a person must act. */
export class PermissionError extends Error {
  override readonly name = 'PermissionError';
}

/** The thing itself (bucket, object, instance, topic) does not exist. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
}

/** The request or the configuration is wrong; `faults` lists everything that is, each with its remedy. */
export class InvalidError extends Error {
  override readonly name = 'InvalidError';
  readonly issues: ValidationIssue[];

  constructor(issues: ValidationIssue[]) {
    super(issues.map(describeIssue).join('\n'));
    this.issues = issues;
  }
}

/** One thing that is wrong with an input: where, which rule it breaks, and what to do. */
export interface ValidationIssue {
  field: string;
  problem: string;
  remedy: string;
}

export function describeIssue({ field, problem, remedy }: ValidationIssue): string {
  return `${field}: ${problem}. ${remedy}`;
}
