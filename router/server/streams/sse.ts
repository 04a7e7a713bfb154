import type { Exchange } from '../exchange.ts';
import { openTextStream, type Pace, type TextStream } from './text-stream.ts';

/** A `text/event-stream`; a comment is its heartbeat. The first one tells the client at once that it is connected. */
export function openEventStream(exchange: Exchange, pace: Pace): TextStream {
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', connection: 'keep-alive' };
  const stream = openTextStream(exchange, {
    headers,
    heartbeat: ':\n\n',
    every: pace.limits.heartbeat,
    pace,
  });
  void stream.write(':\n\n');
  return stream;
}

/** Events of the distinct connections mode. */
export const nextEvent = (json: string) => `event: next\ndata: ${json}\n\n`;
/** With an empty `data`, without which a browser's `EventSource` would not deliver it. */
export const COMPLETE_EVENT = 'event: complete\ndata:\n\n';

/** Events of the single connection mode: many operations on one stream. */
export const nextOf = (id: string, json: string) =>
  `event: next\ndata: {"id":${JSON.stringify(id)},"payload":${json}}\n\n`;
export const completeOf = (id: string) => `event: complete\ndata: {"id":${JSON.stringify(id)}}\n\n`;
