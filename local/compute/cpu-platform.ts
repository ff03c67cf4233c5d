const PLATFORMS: Record<string, string> = {
  c4d: 'AMD Turin',
  c4: 'Intel Emerald Rapids',
  n2: 'Intel Cascade Lake',
};

/** What `cpuPlatform` shows of a machine type that is on. */
export function cpuPlatform(name: string): string {
  return PLATFORMS[name.split('-')[0] ?? ''] ?? 'Intel Broadwell';
}
