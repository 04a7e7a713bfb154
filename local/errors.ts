import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Something about the machine that the person at the keyboard can put right. The message is one clear sentence
 * (or a sentence and a list of options); it is printed without a stack and the exit code is 1.
 */
export class SetupError extends Error {
  override name = 'SetupError';
}

/** Somebody else's words, to end a sentence of ours with: without a full stop of their own. */
export const withoutStop = (words: string): string => words.replace(/\.+$/, '');

const PLAIN: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'it may not be written by this user',
  EPERM: 'it may not be written by this user',
  ENOTDIR: 'a part of its path is a file',
  'EEXIST mkdir': 'it is a file',
  // What Node says of a folder that cannot be made on a read-only disk.
  'ENOENT mkdir': 'it cannot be made there',
};

const MEGABYTE = 1024 * 1024;
/** Less than this and the stores cannot write their logs and checkpoints. */
const FULL_BYTES = 32 * MEGABYTE;
/** What the stores, seeded, take at first; the logs of the databases grow from there. */
const FIRST_START_BYTES = 512 * MEGABYTE;

function freeBytes(path: string): number {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** @throws SetupError when the disk that holds the data folder has no room for it */
export function assertRoom(home: string, isFirstStart: boolean): void {
  const needed = isFirstStart ? FIRST_START_BYTES : FULL_BYTES;
  const free = freeBytes(home);
  if (free >= needed) return;
  const megabytes = (bytes: number) => Math.floor(bytes / MEGABYTE);
  throw new SetupError(
    `The disk is full: ${megabytes(free)} MB are free for ${home} and Aisle needs ${megabytes(needed)} MB there.`,
  );
}

/** What the file system, PostgreSQL (53100 is disk_full) and everybody else who passes on the system's own words say. */
function isAboutRoom(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === '53100' || /no space left on device/i.test(error.message);
}

/**
 * Says what a failure that has to do with the data folder `home` comes down to: an error of the file system, or
 * whatever else went wrong on a disk that turns out to be full. Gives any other error back as it is.
 */
export function explainDisk(home: string, error: unknown): unknown {
  if (freeBytes(home) < FULL_BYTES) return new SetupError(`The disk that holds ${home} is full.`);
  // Whoever failed may have given back what it had by now, or it is the disk of a server elsewhere.
  if (isAboutRoom(error)) return new SetupError(`A disk is full: ${error.message}.`);
  const { code, path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  const isOurs = path === undefined || path.startsWith(home) || home.startsWith(path);
  const reason = code && syscall && isOurs ? (PLAIN[`${code} ${syscall}`] ?? PLAIN[code]) : undefined;
  return reason ? new SetupError(`Aisle cannot use ${home}: ${reason}.`) : error;
}
