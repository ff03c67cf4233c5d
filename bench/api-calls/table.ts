import {
  CONTROL_PLANE_PRICES,
  functionCost,
  messageCost,
  storageClass,
} from '../../shared/pricing/control-plane.ts';
import { CALLERS, type RunCalls } from './run.ts';

/** A kind of what is billed, with how often it happened for one caller. */
export interface Line {
  caller: string;
  what: string;
  /** Calls, seconds or messages. */
  amount: number;
  dollars: number;
}

/** What each caller used, and what that costs. */
export function linesOf({ calls, seconds, messages }: RunCalls): Line[] {
  return [
    ...CALLERS.flatMap((caller) => linesOfCaller(caller, calls.get(caller) ?? new Map())),
    ...[...seconds].map(([caller, amount]) => ({
      caller,
      what: 'seconds of the function',
      amount: Math.round(amount * 10) / 10,
      dollars: functionCost(amount),
    })),
    { caller: 'Pub/Sub', what: 'messages', amount: messages, dollars: messageCost(messages) },
  ];
}

const SERVICES = ['storage', 'compute', 'slack'];

function linesOfCaller(caller: string, calls: Map<string, number>): Line[] {
  const byKind = new Map<string, { amount: number; dollars: number }>();
  for (const [operation, amount] of calls) {
    const [service = ''] = operation.split('.');
    if (!SERVICES.includes(service)) continue;
    const { what, dollars } = kindOf(service, operation);
    const before = byKind.get(what) ?? { amount: 0, dollars: 0 };
    byKind.set(what, { amount: before.amount + amount, dollars: before.dollars + amount * dollars });
  }
  return [...byKind].map(([what, sums]) => ({ caller: caller || 'the VM', what, ...sums }));
}

function kindOf(service: string, operation: string): { what: string; dollars: number } {
  if (service === 'storage') {
    const kind = storageClass(operation);
    return { what: `Cloud Storage, class ${kind}`, dollars: CONTROL_PLANE_PRICES.storage[kind] };
  }
  return { what: service === 'compute' ? 'Compute Engine' : 'Slack', dollars: 0 };
}

/** As Markdown, which is readable as it is. */
export function textOf(lines: Line[], bootSeconds: number): string {
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  const rows = lines.map(({ caller, what, amount, dollars }) => [
    caller,
    what,
    String(amount),
    price(dollars),
  ]);
  const header = ['who', 'what', 'how many', 'dollars'];
  return [
    ...[header, header.map(() => '---'), ...rows, ['', 'in all', '', price(total)]].map(
      (cells) => `| ${cells.join(' | ')} |`,
    ),
    '',
    `One run whose VM boots for ${bootSeconds} s, by the list prices of ${CONTROL_PLANE_PRICES.asOf}.`,
  ].join('\n');
}

function price(dollars: number): string {
  return dollars === 0 ? 'free' : dollars.toFixed(6);
}
