import type { Server } from 'node:http';

export interface Draining {
  /** Requests and operations still running. */
  readonly running: () => number;
  /** Tells live subscribers, in every protocol, that the router is going. */
  readonly endStreams: () => void;
  /** Most milliseconds to wait. */
  readonly most: number;
}

const STEP = 20;
/** Milliseconds answers have to reach their readers once everything is done. */
const FLUSH = 1_000;

/** Waits for what is running; new work is refused by then. Resolves after `most` milliseconds at the latest. */
export async function drain({ running, endStreams, most }: Draining): Promise<void> {
  endStreams();
  const end = performance.now() + most;
  while (running() > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, STEP));
}

/** Stops listening, and closes every connection once its answer is out. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const fuse = setTimeout(() => server.closeAllConnections(), FLUSH);
  await closed;
  clearTimeout(fuse);
}
