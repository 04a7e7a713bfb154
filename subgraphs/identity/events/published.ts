import { type AisleEvent, createEvent } from '@aisle/platform/bus';
import type { Region } from '@aisle/platform/identity';

export interface UserRegistered {
  readonly userId: string;
  readonly region: Region;
  readonly roles: readonly string[];
}

/** An account was made. No personal data travels with it. `now` is epoch milliseconds. */
export function userRegistered(data: UserRegistered, now: number): AisleEvent<UserRegistered> {
  const { userId: subject, region } = data;
  return createEvent(
    { type: 'UserRegistered.v1', producer: 'identity', subject, version: 1, data, region },
    now,
  );
}
