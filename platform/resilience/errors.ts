/** Why a call was given up before, or instead of, an answer. */
export type RejectionReason = 'deadline' | 'open-circuit' | 'bulkhead-full' | 'bulkhead-wait';

/** A call that a policy refused or gave up. Whether it ran at the other side: only for `deadline` is that unknown. */
export class RejectedError extends Error {
  override name = 'RejectedError';
  /** Name of the policy. */
  readonly policy: string;
  readonly reason: RejectionReason;
  constructor(policy: string, reason: RejectionReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.policy = policy;
    this.reason = reason;
  }
}

/** What an aborted signal rejects with: its reason when that is an error, else a plain AbortError. */
export function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new DOMException('The operation was aborted.', 'AbortError');
}
