import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Tells the parent the address, and on request what the process has used so far. */
export function report(port: number): void {
  process.on('message', () => {
    global.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMicros: user + system, rss, heapUsed });
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port });
}

export function listenAndReport(server: Server): void {
  server.listen(0, '127.0.0.1', () => report((server.address() as AddressInfo).port));
}
