import type { Server } from 'node:http';

export interface Draining {
  /**
   * Milliseconds in which the probe says that the router is going while it still serves: what leads requests here takes a
   * moment to look, and clients to connect elsewhere.
   */
  readonly delay: number;
  /** Told at the end of that time: new work is refused from now on. */
  readonly refuse: () => void;
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

/** Goes on serving for a while, then refuses new work and waits for what is running, `most` milliseconds at the latest. */
export async function drain({ delay, refuse, running, endStreams, most }: Draining): Promise<void> {
  if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
  refuse();
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
