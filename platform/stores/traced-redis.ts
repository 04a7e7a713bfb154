import { tracingChannel } from 'node:diagnostics_channel';
import { activeTracer, type TracedSpan } from '../telemetry/index.ts';

/** What node-redis tells of a command, @see https://github.com/redis/node-redis/blob/master/docs/diagnostics-channel.md */
interface CommandMessage {
  readonly command: string;
  readonly error?: unknown;
}

let isListening = false;

/** A span for each command of any client that belongs to something traced: its name only, not its keys. Needed once a process. */
export function traceRedis(): void {
  if (isListening) return;
  isListening = true;
  const open = new WeakMap<object, TracedSpan>();
  tracingChannel<unknown, CommandMessage>('node-redis:command').subscribe({
    start(message) {
      const { command } = message as CommandMessage;
      const span = activeTracer()?.start(command, {
        kind: 'client',
        attributes: { 'db.system.name': 'redis', 'db.operation.name': command },
      });
      if (span) open.set(message as object, span);
    },
    end() {},
    asyncStart() {},
    asyncEnd: (message) => open.get(message as object)?.end(),
    error(message) {
      open.get(message as object)?.failed((message as CommandMessage).error);
    },
  });
}
