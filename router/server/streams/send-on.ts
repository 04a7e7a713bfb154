import type { WebSocket } from 'ws';

/** Sends on a socket; resolves when it was taken, also for a socket that is gone: its close ends the subscriptions. */
export function sendOn(socket: WebSocket): (text: string) => Promise<void> {
  return (text) =>
    new Promise<void>((resolve) => {
      if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
      else resolve();
    });
}
