import { Server } from 'node:net';
import { type FauxqsServer, startFauxqs } from 'fauxqs';

/**
 * Starts fauxqs on loopback. It listens on every interface and has no option for it, so the address is put in on
 * the way; nothing of ours may be reached from outside the machine.
 */
export async function startLoopbackFauxqs(options: {
  port: number;
  dataDir?: string;
  region?: string;
}): Promise<FauxqsServer> {
  const listen = Server.prototype.listen;
  Server.prototype.listen = function onLoopback(this: Server, ...args: unknown[]) {
    const [first] = args;
    if (typeof first === 'object' && first !== null && 'host' in first) first.host = '127.0.0.1';
    return Reflect.apply(listen, this, args);
  } as typeof listen;
  try {
    const { port, dataDir, region } = options;
    return await startFauxqs({ port, dataDir, defaultRegion: region ?? 'us-east-1', logger: false });
  } finally {
    Server.prototype.listen = listen;
  }
}
