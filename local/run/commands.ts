import { type Clock, systemClock } from '@aisle/platform/clock';
import { type Policy, policy } from '@aisle/platform/resilience';
import { CommandError, type Commands, type CommandTransport, createCommands } from '@aisle/platform/service';
import type { Meter } from '@aisle/platform/telemetry';

export interface CommandsOptions {
  readonly meter: Meter;
  readonly transport: CommandTransport;
  /** @default the system's */
  readonly clock?: Clock;
}

/** A callee that answered, even with a refusal, is in good health; only silence counts against it. */
const isSilence = (error: unknown) => !(error instanceof CommandError) || error.kind === 'unreachable';

/** Commands of one context, with a deadline, retries, a breaker and a bulkhead for each callee. */
export function commandsOf(
  from: string,
  { meter, transport, clock = systemClock }: CommandsOptions,
): Commands {
  const policies = new Map<string, Policy>();
  const policyFor = (to: string) => {
    const known = policies.get(to);
    if (known) return known;
    const made = policy({ name: `${from}:${to}`, meter, clock, isFailure: isSilence, bulkhead: BULKHEAD });
    policies.set(to, made);
    return made;
  };
  return createCommands({ from, clock, transport, policyFor });
}

/** Per callee: enough for a crowd at the checkout, and a bound for one that no longer answers. */
const BULKHEAD = { limit: 256, queue: 2_048, maxWaitMs: 2_000 };
