import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on this machine that can be cut: connections break, and new ones are refused until it is mended. */
export async function breakable(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;

  async function mend(): Promise<void> {
    server = createServer((from) => {
      const to = connect(Number(target.port), target.hostname);
      for (const [socket, other] of [
        [from, to],
        [to, from],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
      }
      from.pipe(to).pipe(from);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  function cut(): void {
    server?.close();
    server = undefined;
    for (const socket of sockets) socket.destroy();
  }

  await mend();
  const through = new URL(url);
  through.port = String(port);
  return { url: through.href, cut, mend };
}
