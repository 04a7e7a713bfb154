import { watchSagas } from '@aisle/platform/saga';
import type { Platform } from '@aisle/platform/service';
import type { Ports } from './index.ts';

/** Relays events, counts stuck sagas, takes over sagas. Ended from the last to the first. */
export function startBackground({ outbox, runner }: Ports, platform: Platform) {
  const { bus, log, meter } = platform;
  const databases = platform.databases().all.filter(({ region }) => region !== 'global');
  runner.start();
  return [outbox.relay({ bus, log, meter }), watchSagas({ databases, meter, log }), runner];
}
