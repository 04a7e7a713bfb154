import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Caller } from '@aisle/platform/identity';
import { errorFields, type Log } from '@aisle/platform/log';
import { handleProtocols } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Limits } from '../../limits/index.ts';
import type { RouterMetrics } from '../metrics.ts';
import type { Origins } from '../origins.ts';
import { sendOn } from './send-on.ts';
import { createProtocol, type ProtocolOptions, type SocketExtra } from './ws-protocol.ts';

export interface WebSockets {
  /** Closes every socket with 1001. */
  endAll(): void;
  close(): Promise<void>;
}

export interface WebSocketsOptions extends Omit<ProtocolOptions, 'onCaller'> {
  readonly server: Server;
  readonly path: string;
  readonly origins: Origins;
  readonly limits: Limits;
  readonly metrics: RouterMetrics;
  readonly log: Log;
  readonly now: () => number;
  readonly draining: () => boolean;
}

const LONGEST_TIMER = 2 ** 31 - 1;
/** Bytes that may wait for a client that goes on sending: what it asks for is answered whether or not it reads. */
const MOST_UNREAD = 32 * 1024 * 1024;
const refuse = (socket: Duplex, status: string) =>
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);

/** Subscriptions (and other operations) over the `graphql-transport-ws` protocol. */
export function serveWebSockets(options: WebSocketsOptions): WebSockets {
  const { server, path, origins, limits, metrics, log, now, draining } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.bodyBytes,
    handleProtocols,
    perMessageDeflate: false,
  });
  const protocol = createProtocol({
    ...options,
    onCaller: (socket, caller) => closeAtExpiry(socket, caller, now),
  });

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const { origin, host } = request.headers;
    if (request.url?.split('?')[0] !== path) return refuse(socket, '404 Not Found');
    if (draining() || metrics.open.streams >= limits.streams)
      return refuse(socket, '503 Service Unavailable');
    if (origin !== undefined && !origins.allowed(origin, host)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (opened) => serve(opened, request));
  };
  server.on('upgrade', onUpgrade);

  function serve(socket: WebSocket, request: IncomingMessage): void {
    metrics.open.streams++;
    const extra: SocketExtra = { socket, request };
    let alive = true;
    const beat = setInterval(() => {
      if (!alive) return cutOff();
      alive = false;
      socket.ping();
    }, limits.heartbeat);
    beat.unref();
    const cutOff = () => {
      metrics.streamEnded('STALLED');
      socket.terminate();
    };
    const isFull = () => socket.bufferedAmount > MOST_UNREAD;
    socket.on('ping', () => {
      if (isFull()) cutOff();
    });
    socket.on('pong', () => {
      alive = true;
    });
    socket.on('error', (error) => {
      // What the client sent was no WebSocket frame, or too large a one: it closes the socket, nothing else.
      log.debug('websocket error', errorFields(error));
    });
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: sendOn(socket),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (listener) =>
          socket.on('message', (data) => {
            if (isFull()) return cutOff();
            listener(String(data)).catch((error: unknown) => {
              log.error('websocket message failed', errorFields(error));
              socket.close(4500, 'Internal server error');
            });
          }),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      clearInterval(beat);
      clearTimeout(extra.expiry);
      metrics.open.streams--;
      void closed(code, String(reason));
    });
  }

  return {
    endAll() {
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
    },
    async close() {
      server.off('upgrade', onUpgrade);
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}

/** A socket lives no longer than the token that opened it. */
function closeAtExpiry(extra: SocketExtra, caller: Caller, now: () => number): void {
  if (caller.expiresAt === undefined) return;
  const left = Math.max(0, caller.expiresAt * 1000 - now());
  extra.expiry = setTimeout(() => extra.socket.close(4403, 'Forbidden'), Math.min(left, LONGEST_TIMER));
  extra.expiry.unref();
}
