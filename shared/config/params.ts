import { z } from 'zod';
import { isMap } from '../is-map.ts';
import { COUNT, NUMBER_PARAMS, PARAM_NAME, RESERVED_PARAMS } from './names.ts';

export const pattern = z.string().refine(isRegularExpression, 'must be a regular expression');

const param = z
  .strictObject({
    pattern: pattern.describe('Regular expression that the whole value must match.'),
    default: z.string().optional().describe('Value where the request gives none.'),
    description: z.string().optional(),
  })
  .describe('A make variable that a request may set.');
export type ParamConfig = z.output<typeof param>;

/** Values that no number has; a pattern that matches one of them is too wide for WORKERS and THREADS. */
const NO_NUMBERS = ['', '0', '01', '-1', '1.5', '1e3', '8x', 'x', 'auto', '1 2'];

export const params = z
  .record(z.string().regex(PARAM_NAME, 'must be an upper-case make variable name such as STATES'), param)
  .superRefine(
    (declared, context) => {
      for (const [name, param] of Object.entries(declared)) {
        if (RESERVED_PARAMS.has(name)) fault([name], 'is no parameter: it would change how make itself runs');
        if (NUMBER_PARAMS.has(name)) checkNumber(param, (key, message) => fault([name, key], message));
      }

      function fault(path: string[], message: string): void {
        context.addIssue({ code: 'custom', path, message });
      }
    },
    // Also checked where other keys are wrong, so that all issues are reported at once.
    { when: ({ value }) => isMap(value) },
  );

/** WORKERS and THREADS. What was refused already may be of any shape, and is passed over. */
function checkNumber(declared: unknown, fault: (key: string, message: string) => void): void {
  const { success, data } = param.safeParse(declared);
  if (!success) return;
  if (data.default !== undefined && !COUNT.test(data.default))
    fault('default', 'must be a number from 1 to 99999');
  const outlier = NO_NUMBERS.find((value) => matchesWhole(data.pattern, value));
  if (outlier !== undefined)
    fault('pattern', `must match whole numbers from 1 alone, and matches ${JSON.stringify(outlier)}`);
}

/** Whether a pattern of vicinity.yaml matches the value from its first character to its last. */
export function matchesWhole(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(value);
}

function isRegularExpression(text: string): boolean {
  try {
    // As it is used: some patterns are refused with `u` alone.
    new RegExp(`^(?:${text})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
