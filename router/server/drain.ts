import type { Server } from 'node:http';

export interface Draining {
  readonly server: Server;
  /** Operations still running. */
  readonly running: () => number;
  /** Tells live subscribers, in every protocol, that the router is going. */
  readonly endStreams: () => void;
  /** Most milliseconds to wait. */
  readonly most: number;
}

const STEP = 20;

/** Waits for the running operations; new ones are refused by then. Resolves after `most` milliseconds at the latest. */
export async function drain({ server, running, endStreams, most }: Draining): Promise<void> {
  endStreams();
  const end = Date.now() + most;
  while (running() > 0 && Date.now() < end) {
    server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, STEP));
  }
  server.closeIdleConnections();
}
