import { z } from 'zod';

/** Patterns of the names that reach a cloud API, a shell or a Makefile. Each rule is stated once, here. */

/** A make target: what make itself treats as one plain word. */
export const TARGET = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;
/** A make variable that a request may set. */
export const PARAM_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
/**
 * Variables that would change how make itself runs, or that the startup script sets: no parameter may have such a name. The VM has
 * the same list (startup-script/tools/spec.py).
 */
export const RESERVED_PARAMS: ReadonlySet<string> = new Set([
  'BASH_ENV',
  'ENV',
  'HOME',
  'IFS',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'MAKE',
  'MAKEFILES',
  'MAKEFLAGS',
  'MAKELEVEL',
  'MFLAGS',
  'PATH',
  'PYTHONPATH',
  'RUN_ID',
  'SHELL',
  'TARGET',
  'TMPDIR',
]);
/** Parameters that the VM takes as numbers. */
export const NUMBER_PARAMS: ReadonlySet<string> = new Set(['THREADS', 'WORKERS']);
/** What such a number looks like. */
export const COUNT = /^[1-9][0-9]{0,4}$/;
/** Characters that no parameter value may hold, whatever its own pattern says: make and shells give them a meaning. */
export const UNSAFE_IN_VALUE = /[\p{Cc}$`\\"';&|<>(){}]/u;
/**
 * A path below the repository: relative, without `..`. Beside ASCII, the letters of other languages, by ranges that every regular
 * expression knows: the published schemas hold this one, and spec.py of the startup script has it again.
 */
export const RELATIVE_PATH =
  /^(?![/~-])(?!.*(?:^|\/)\.\.(?:\/|$))[\w@+,=. /\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff-]{1,500}$/;
export const SHA256 = /^[0-9a-f]{64}$/;
export const MACHINE_TYPE = /^[a-z][a-z0-9]*-[a-z0-9-]{1,60}$/;
export const RUN_ID = /^\d{8}-\d{6}-[0-9a-f]{4}$/;

/** `us-east4` of `us-east4-c`. */
export function regionOf({ zone }: { zone: string }): string {
  return zone.replace(/-[a-z]$/, '');
}

export const relativePath = z
  .string()
  .regex(
    RELATIVE_PATH,
    'must be a path below the repository: relative, without .., of letters, digits, spaces and _ @ + , = . / -',
  );
export const machineType = z.string().regex(MACHINE_TYPE, 'must be a machine type such as c4d-highcpu-32');
