/** Settings that a flag or an environment variable may override: VICINITY_PROJECT and so on. */
const OVERRIDABLE = ['project', 'zone', 'instance', 'bucket'] as const;
export type Overrides = Partial<Record<(typeof OVERRIDABLE)[number], string>>;

export function fromEnvironment(env: Record<string, string | undefined>): Overrides {
  return withoutAbsent(
    Object.fromEntries(OVERRIDABLE.map((key) => [key, env[`VICINITY_${key.toUpperCase()}`]])),
  );
}

export function withoutAbsent(overrides: Record<string, string | undefined>): Overrides {
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value));
}
