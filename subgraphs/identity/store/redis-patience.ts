/** Redis answers in well under a millisecond or is not there; nobody waits longer than this for it (milliseconds). */
const PATIENCE_MS = 500;

/** @throws when Redis takes longer than that. */
export function within<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout;
  const fuse = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer in time.')), PATIENCE_MS);
  });
  return Promise.race([answer, fuse]).finally(() => clearTimeout(timer));
}
