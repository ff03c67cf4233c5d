/** How the VM runs. */
export const VM_MODES = ['process', 'nspawn'] as const;
export type VmMode = (typeof VM_MODES)[number];
