import { connect } from 'node:net';

/** Keeps `connections` sockets busy with one request for `seconds` and reports every latency. All in its own process, so that it does not slow the gateway. */
interface Job {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Goes on after the time until there were this many requests, at most twice the time. @default 0 */
  readonly atLeast?: number;
  readonly path: string;
  readonly body: string;
}

process.on('message', (job: Job) => void drive(job).then((result) => process.send?.(result)));
process.on('disconnect', () => process.exit());

async function drive({ port, connections, seconds, path, body, atLeast = 0 }: Job): Promise<object> {
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json\r\n`;
  const request = Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  const end = performance.now() + seconds * 1000;
  const latencies: number[] = [];
  let errors = 0;
  let bytes = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, () =>
      busy(
        port,
        request,
        () =>
          performance.now() < end || (latencies.length < atLeast && performance.now() < end + seconds * 1000),
        (latency, size, ok) => {
          latencies.push(latency);
          bytes = size;
          if (!ok) errors++;
        },
      ),
    ),
  );
  const elapsed = (performance.now() - started) / 1000;
  return { latencies, elapsed, errors, bytes };
}

function busy(
  port: number,
  request: Buffer,
  goesOn: () => boolean,
  done: (latency: number, size: number, ok: boolean) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let sent = 0;
    let received: Buffer[] = [];
    let total = 0;
    let expected = -1;
    let head = '';
    const send = (): void => {
      received = [];
      total = 0;
      expected = -1;
      sent = performance.now();
      socket.write(request);
    };
    socket.setNoDelay(true);
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      received.push(chunk);
      total += chunk.length;
      if (expected < 0) {
        const text = (received.length === 1 ? chunk : Buffer.concat(received)).toString('latin1');
        const split = text.indexOf('\r\n\r\n');
        if (split < 0) return;
        head = text.slice(0, split).toLowerCase();
        const length = /content-length: (\d+)/.exec(head)?.[1];
        expected = length === undefined ? Number.POSITIVE_INFINITY : split + 4 + Number(length);
      }
      const chunkedEnd =
        expected === Number.POSITIVE_INFINITY && chunk.subarray(-5).toString('latin1') === '0\r\n\r\n';
      if (total < expected && !chunkedEnd) return;
      const ok =
        head.startsWith('http/1.1 200') && !Buffer.concat(received).subarray(0, 2000).includes('"errors"');
      done(performance.now() - sent, total, ok);
      if (goesOn()) send();
      else socket.end();
    });
  });
}
