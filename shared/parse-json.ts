/** The value of a JSON text; undefined if the text is not JSON, which every schema refuses. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The value of a JSON text, with each number as the text that it is written as: `1.10` stays `'1.10'`. A number beyond what a double
 * holds (`1e400`, `12345678901234567890`) stays a number, for the caller to refuse: other JSON programs on its way may have changed
 * it already. Undefined if the text is not JSON.
 */
export function parseJsonNumbersAsText(text: string): unknown {
  try {
    return JSON.parse(text, numberAsText);
  } catch {
    return undefined;
  }
}

/** Node 20 passes no source; there only whole numbers are known to be written as they print. */
function numberAsText(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value;
  if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return value;
  return context?.source ?? (Number.isInteger(value) ? String(value) : value);
}
