import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Limits } from '../limits/index.ts';

/** Milliseconds a connection without request stays open: longer than the usual load balancer keeps it. */
const KEEP_ALIVE = 65_000;
/** Milliseconds between looks for connections that are too slow. */
const CHECK_EVERY = 500;

/** Node's own server, with a limit on everything a client could send slowly, often or without end. */
export function createHttpServer(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  limits: Limits,
): Server {
  const server = createServer(
    {
      headersTimeout: limits.receiveTimeout,
      requestTimeout: limits.receiveTimeout,
      connectionsCheckingInterval: Math.min(CHECK_EVERY, limits.receiveTimeout),
      keepAliveTimeout: KEEP_ALIVE,
      maxHeaderSize: limits.headerBytes,
      noDelay: true,
    },
    listener,
  );
  // Node drops what is above its limit silently: it is told to keep one more than allowed, so that the router can refuse.
  server.maxHeadersCount = limits.headers + 1;
  server.maxConnections = limits.connections;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status = STATUS_OF[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  });
  return server;
}

const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};

/** @throws a sentence about a port that is taken or may not be used */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, port, host)));
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE')
    return new Error(
      `Port ${port} on ${host} is taken: stop what uses it, or choose another with --port or PORT.`,
      { cause: error },
    );
  if (error.code === 'EACCES')
    return new Error(`Port ${port} on ${host} may not be used by this user: choose one above 1023.`, {
      cause: error,
    });
  return new Error(`The router cannot listen on ${host}:${port}: ${error.message}.`, { cause: error });
}
