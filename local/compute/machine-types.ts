/** A predefined machine type. */
export interface MachineType {
  name: string;
  guestCpus: number;
  memoryMb: number;
  isSharedCpu: boolean;
}

interface Family {
  name: string;
  gbPerCpu: number;
  cpus: number[];
}

const C4D = [2, 4, 8, 16, 32, 48, 64, 96, 192, 384];
const C4 = [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288];
const N2 = [2, 4, 8, 16, 32, 48, 64, 80, 96];
const E2 = [2, 4, 8, 16, 32];

/** The families that the emulator knows. Memory follows each family's ratio, rounded down to a whole GB. */
const FAMILIES: Family[] = [
  { name: 'c4d-highcpu', gbPerCpu: 1.875, cpus: C4D },
  { name: 'c4d-standard', gbPerCpu: 3.875, cpus: C4D },
  { name: 'c4d-highmem', gbPerCpu: 7.875, cpus: C4D },
  { name: 'c4-highcpu', gbPerCpu: 2, cpus: C4 },
  { name: 'c4-standard', gbPerCpu: 3.75, cpus: C4 },
  { name: 'n2-highcpu', gbPerCpu: 1, cpus: N2 },
  { name: 'n2-standard', gbPerCpu: 4, cpus: N2 },
  { name: 'n2-highmem', gbPerCpu: 8, cpus: N2 },
  { name: 'e2-highcpu', gbPerCpu: 1, cpus: E2 },
  { name: 'e2-standard', gbPerCpu: 4, cpus: E2 },
  { name: 'e2-highmem', gbPerCpu: 8, cpus: [2, 4, 8, 16] },
];

const SHARED: MachineType[] = [
  { name: 'e2-micro', guestCpus: 2, memoryMb: 1024, isSharedCpu: true },
  { name: 'e2-small', guestCpus: 2, memoryMb: 2048, isSharedCpu: true },
  { name: 'e2-medium', guestCpus: 2, memoryMb: 4096, isSharedCpu: true },
];

export const MACHINE_TYPES: MachineType[] = [...SHARED, ...FAMILIES.flatMap(membersOf)];

export function machineType(name: string): MachineType | undefined {
  return MACHINE_TYPES.find((type) => type.name === name);
}

function membersOf({ name, gbPerCpu, cpus }: Family): MachineType[] {
  return cpus.map((guestCpus) => ({
    name: `${name}-${guestCpus}`,
    guestCpus,
    memoryMb: Math.floor(guestCpus * gbPerCpu) * 1024,
    isSharedCpu: false,
  }));
}
