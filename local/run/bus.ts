import { type Bus, openSnsSqsBus, topologyOf } from '@aisle/platform/bus';
import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import type { Meter } from '@aisle/platform/telemetry';
import type { Context } from './contexts.ts';

/** Connects to SNS/SQS and declares the topics, queues and redrive policies that the contexts' definitions ask for. */
export function openBus(
  contexts: readonly Context[],
  options: { env: Env; log: Log; meter: Meter },
): Promise<Bus> {
  return openSnsSqsBus({ ...options, topology: topologyOf(contexts.map(({ definition }) => definition)) });
}
