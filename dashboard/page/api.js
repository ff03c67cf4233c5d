/** @typedef {import('../../shared/errors.ts').ValidationIssue} ValidationIssue */

/** An error response; `issues` lists the problems of a refused request. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {ValidationIssue[]} issues
   */
  constructor(status, message, issues = []) {
    super(message);
    this.status = status;
    this.issues = issues;
  }
}

/**
 * @template Body
 * @param {string} path
 * @returns {Promise<Body>}
 */
export function get(path) {
  return call(path, {});
}

/**
 * Pages of other sites cannot send this header.
 * @template Body
 * @param {string} path
 * @param {object} body
 * @returns {Promise<Body>}
 */
export function post(path, body = {}) {
  return call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-vicinity-action': '1' },
    body: JSON.stringify(body),
  });
}

/** @param {string} path */
export async function getText(path) {
  const response = await reach(path, {});
  if (!response.ok) throw await errorOf(response);
  return response.text();
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function call(path, options) {
  const response = await reach(path, options);
  if (!response.ok) throw await errorOf(response);
  return response.json();
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function reach(path, options) {
  try {
    return await fetch(path, { ...options, cache: 'no-store' });
  } catch {
    throw new ApiError(0, 'The dashboard is not running. Start it again with vicinity dashboard.');
  }
}

/** @param {Response} response */
async function errorOf(response) {
  const { error, issues } = await response.json().catch(() => ({}));
  return new ApiError(
    response.status,
    error ?? `The dashboard answered with status ${response.status}.`,
    issues,
  );
}

/**
 * Polls until a request is accepted or refused. Resolves with the run id, or undefined after a minute.
 * @param {import('../actions.ts').Asked} request
 * @returns {Promise<string | undefined>}
 */
export async function runOf({ requestId, messageId }) {
  const path = `/api/requests/${requestId}?messageId=${encodeURIComponent(messageId)}`;
  for (let pause = 300, waited = 0; waited < 60_000; waited += pause, pause = Math.min(pause * 1.4, 3000)) {
    const { runId } = /** @type {{ runId?: string }} */ (await get(path));
    if (runId) return runId;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return undefined;
}
