export interface LockOwner {
  pid: number;
  /** What the owner wrote about itself, for the message to whoever comes second. */
  note: string;
}
/** Takes the lock or says who has it. A lock whose owner died (also by kill -9) is taken over. */
export function tryLock(
  path: string,
  note?: string,
): { release(): void; heldBy?: undefined } | { heldBy: LockOwner; release?: undefined };
/** Notes that process `pid` is ours, with the time it started, for `recordedProcess`. */
export function recordProcess(path: string, pid: number): void;
/**
 * The process noted at `path`; `alive` if that very process still runs, `isOther` if its number is, or may be,
 * another process's by now.
 */
export function recordedProcess(path: string): { pid: number; alive: boolean; isOther: boolean } | undefined;
/** Runs `work` under the lock, waiting up to `waitMs` for it. `onWait` is called once if there is a wait. */
export function withLock<T>(
  path: string,
  options: { waitMs: number; onWait?: (pid: number) => void },
  work: () => Promise<T>,
): Promise<T>;
