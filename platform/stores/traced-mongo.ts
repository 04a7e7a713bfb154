import type { CommandFailedEvent, CommandStartedEvent, CommandSucceededEvent, MongoClient } from 'mongodb';
import { activeTracer, type TracedSpan } from '../telemetry/index.ts';

/** What the driver says all the time by itself. */
const OWN: ReadonlySet<string> = new Set([
  'hello',
  'ismaster',
  'ping',
  'endSessions',
  'getMore',
  'killCursors',
]);

/** A span for each command that belongs to something traced: its name and collection, nothing of its content. Needs `monitorCommands`. */
export function traceMongo(client: MongoClient): void {
  const open = new Map<number, TracedSpan>();
  client.on('commandStarted', ({ requestId, commandName, databaseName, command }: CommandStartedEvent) => {
    const tracer = OWN.has(commandName) ? undefined : activeTracer();
    if (!tracer) return;
    const collection: unknown = command[commandName];
    const target = typeof collection === 'string' ? ` ${collection}` : '';
    const span = tracer.start(`${commandName}${target}`, {
      kind: 'client',
      attributes: {
        'db.system.name': 'mongodb',
        'db.namespace': databaseName,
        'db.operation.name': commandName,
      },
    });
    open.set(requestId, span);
  });
  const end = (requestId: number, failure?: Error) => {
    const span = open.get(requestId);
    if (!span) return;
    open.delete(requestId);
    if (failure) span.failed(failure);
    span.end();
  };
  client.on('commandSucceeded', ({ requestId }: CommandSucceededEvent) => end(requestId));
  client.on('commandFailed', ({ requestId, failure }: CommandFailedEvent) => end(requestId, failure));
}
