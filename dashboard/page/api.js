/** An answer that says what is wrong; `issues` lists what, where a request was refused. */
export class ApiError extends Error {
  constructor(status, message, issues = []) {
    super(message);
    this.status = status;
    this.issues = issues;
  }
}

export function get(path) {
  return call(path, {});
}

/** The header is what another site's page cannot send. */
export function post(path, body = {}) {
  return call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-vicinity-action': '1' },
    body: JSON.stringify(body),
  });
}

export async function getText(path) {
  const response = await reach(path, {});
  if (!response.ok) throw await errorOf(response);
  return response.text();
}

async function call(path, options) {
  const response = await reach(path, options);
  if (!response.ok) throw await errorOf(response);
  return response.json();
}

async function reach(path, options) {
  try {
    return await fetch(path, { ...options, cache: 'no-store' });
  } catch {
    throw new ApiError(
      0,
      'The dashboard does not answer: it was ended. Start it again with vicinity dashboard.',
    );
  }
}

async function errorOf(response) {
  const { error, issues } = await response.json().catch(() => ({}));
  return new ApiError(response.status, error ?? `The answer was ${response.status}.`, issues);
}

/** Asks until a request has become a run, or is refused. Undefined where there is no answer in time. */
export async function runOf({ requestId, messageId }) {
  const path = `/api/requests/${requestId}?messageId=${encodeURIComponent(messageId)}`;
  for (let pause = 300, waited = 0; waited < 60_000; waited += pause, pause = Math.min(pause * 1.4, 3000)) {
    const { runId } = await get(path);
    if (runId) return runId;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return undefined;
}
