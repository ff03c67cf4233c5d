interface RuntimeDate {
  year: number;
  month: number;
  day: number;
}

/** The runtimes of Node that are not decommissioned, with the end of their support (https://cloud.google.com/functions/docs/runtime-support#node.js). */
const NODE: [name: string, displayName: string, deprecationDate: RuntimeDate][] = [
  ['nodejs22', 'Node.js 22', { year: 2027, month: 4, day: 30 }],
  ['nodejs24', 'Node.js 24', { year: 2028, month: 4, day: 30 }],
];

export const RUNTIMES = NODE.map(([name]) => name);

export function listRuntimes(): object[] {
  return NODE.map(([name, displayName, deprecationDate]) => ({
    name,
    displayName,
    stage: 'GA',
    environment: 'GEN_2',
    deprecationDate,
  }));
}
