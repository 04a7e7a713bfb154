import type { Exchange } from '../exchange.ts';
import { openTextStream, type Pace } from './text-stream.ts';

/** JSON parts of a `multipart/mixed` answer. */
export interface MultipartStream {
  part(json: string): Promise<void> | undefined;
  end(): void;
  readonly closed: boolean;
  onClose(listener: () => void): void;
}

export interface MultipartFormat {
  readonly boundary: string;
  /** What names the protocol in the content type: `subscriptionSpec=1.0`. */
  readonly parameters: string;
  /** Whether an empty object, which clients of multipart subscriptions ignore, comes now and then. */
  readonly beats: boolean;
}

/** Longer than any stream without heartbeat lives. */
const NEVER = 2 ** 31 - 1;

/** The delimiter is written right behind each part, so that a client need not wait for the next one to know that this one is whole. */
export function openMultipart(
  exchange: Exchange,
  { boundary, parameters, beats }: MultipartFormat,
  pace: Pace,
): MultipartStream {
  const partOf = (json: string) =>
    `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${json}\r\n--${boundary}`;
  const headers = { 'content-type': `multipart/mixed; boundary="${boundary}"; ${parameters}` };
  const every = beats ? pace.limits.heartbeat : NEVER;
  const stream = openTextStream(exchange, { headers, heartbeat: partOf('{}'), every, pace });
  void stream.write(`\r\n--${boundary}`);
  return {
    part: (json) => stream.write(partOf(json)),
    end: () => stream.end('--\r\n'),
    get closed() {
      return stream.closed;
    },
    onClose: stream.onClose,
  };
}
