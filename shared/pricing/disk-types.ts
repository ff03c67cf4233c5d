/** The disk types that have a price. C4 and C4D take Hyperdisk only. */
export const DISK_TYPES = ['hyperdisk-balanced', 'pd-standard', 'pd-balanced', 'pd-ssd'] as const;

export type DiskType = (typeof DISK_TYPES)[number];
