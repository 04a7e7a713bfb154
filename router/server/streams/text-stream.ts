import type { Limits } from '../../limits/index.ts';
import type { Exchange } from '../exchange.ts';
import type { RouterMetrics } from '../metrics.ts';

/** A long answer written piece by piece, with heartbeats; the slowness of its reader is felt by whoever awaits `write`. */
export interface TextStream {
  /** Resolves once the reader has room for more, or has gone. */
  write(text: string): Promise<void> | undefined;
  end(text?: string): void;
  readonly closed: boolean;
  onClose(listener: () => void): void;
}

export interface TextStreamOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly heartbeat: string;
  /** Milliseconds. */
  readonly every: number;
  readonly pace: Pace;
}

/** How slow a reader may be. */
export interface Pace {
  readonly limits: Pick<Limits, 'heartbeat' | 'stalled'>;
  readonly metrics: Pick<RouterMetrics, 'streamEnded'>;
}

/** Bytes that may wait for a reader: not everything that is written waits until there is room, as the answers to many queries on one stream. */
const MOST_UNREAD = 64 * 1024 * 1024;

export function openTextStream(
  exchange: Exchange,
  { headers, heartbeat, every, pace }: TextStreamOptions,
): TextStream {
  const { response, request } = exchange;
  request.socket.setNoDelay(true);
  response.writeHead(
    200,
    exchange.head({
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
      ...headers,
    }),
  );
  response.flushHeaders();
  const beat = setInterval(() => void write(heartbeat), every);
  beat.unref();
  let closed = false;
  const listeners: (() => void)[] = [];
  response.once('close', () => {
    closed = true;
    clearInterval(beat);
    for (const listener of listeners) listener();
  });

  let drained: Promise<void> | undefined;

  function write(text: string): Promise<void> | undefined {
    if (closed || response.writableEnded) return undefined;
    if (response.write(text)) return undefined;
    if (response.writableLength > MOST_UNREAD) cutOff();
    // One for all who wait: a stream may carry a hundred operations.
    drained ??= whenDrained().finally(() => {
      drained = undefined;
    });
    return drained;
  }

  function cutOff(): void {
    if (response.destroyed) return;
    pace.metrics.streamEnded('STALLED');
    response.destroy();
  }

  function whenDrained(): Promise<void> {
    return new Promise((resolve) => {
      const stalled = setTimeout(cutOff, pace.limits.stalled);
      const go = () => {
        clearTimeout(stalled);
        response.off('drain', go);
        response.off('close', go);
        resolve();
      };
      response.once('drain', go);
      response.once('close', go);
    });
  }

  return {
    write,
    end(text) {
      clearInterval(beat);
      if (!closed && !response.writableEnded) response.end(text);
    },
    get closed() {
      return closed;
    },
    onClose(listener) {
      if (closed) listener();
      else listeners.push(listener);
    },
  };
}
