/** What a person can do about an error of the file system, by its code. Others are faults of this program. */
const REMEDIES: Record<string, string> = {
  EACCES: 'Correct its permissions, or choose another place.',
  EDQUOT: 'Make room there, or choose another place.',
  EISDIR: 'It is a folder, where a file is meant: choose another place.',
  ENOSPC: 'Make room there, or choose another place.',
  ENOTDIR: 'A part of it is no folder: choose another place.',
  EPERM: 'Correct its permissions, or choose another place.',
  EROFS: 'Choose another place, which may be written.',
};

/** The message for an error that a file of the user caused, maybe in the middle of a transfer; undefined for any other error. */
export function fileFault(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const remedy = remedyOf(error) ?? remedyOf(error.cause);
  return remedy && `${error.message}. ${remedy}`;
}

function remedyOf(error: unknown): string | undefined {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return code !== undefined && syscall !== undefined ? REMEDIES[code] : undefined;
}
