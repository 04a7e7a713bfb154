/**
 * Something about the machine that the person at the keyboard can put right. The message is one clear sentence
 * (or a sentence and a list of options); it is printed without a stack and the exit code is 1.
 */
export class SetupError extends Error {
  override name = 'SetupError';
}

const PLAIN: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'it may not be written by this user',
  EPERM: 'it may not be written by this user',
  ENOTDIR: 'a part of its path is a file',
};

/** Turns an error of the file system about `path` into a SetupError; gives any other error back as it is. */
export function explainDisk(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const reason = code ? PLAIN[code] : undefined;
  return reason ? new SetupError(`Aisle cannot use ${path}: ${reason}.`) : error;
}
