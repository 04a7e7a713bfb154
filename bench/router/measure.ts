import { type BenchProcess, startProcess } from './processes.ts';

export interface Measurement {
  readonly rps: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Milliseconds of the gateway process's CPU time per request. */
  readonly cpu: number;
  /** Megabytes of the gateway process after the run. */
  readonly memory: number;
  readonly bytes: number;
  readonly errors: number;
}

interface Usage {
  readonly cpuMicros: number;
  readonly rss: number;
}

interface Driven {
  readonly requests: number;
  readonly elapsed: number;
  readonly errors: number;
  readonly bytes: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Warms the gateway up, then measures it for `seconds` under `connections` busy connections. */
export async function measure(
  gateway: BenchProcess,
  path: string,
  body: string,
  seconds: number,
  connections: number,
): Promise<Measurement> {
  const driver = await startProcess('./driver-process.ts', [], {}, false);
  try {
    const job = { port: gateway.port, path, body, connections };
    await driver.ask({ ...job, seconds: seconds / 2 });
    const before = await gateway.ask<Usage>({});
    const { requests, elapsed, errors, bytes, p50, p95, p99 } = await driver.ask<Driven>({ ...job, seconds });
    const after = await gateway.ask<Usage>({});
    const cpu = (after.cpuMicros - before.cpuMicros) / 1000 / requests;
    return { rps: requests / elapsed, p50, p95, p99, cpu, memory: after.rss / 2 ** 20, bytes, errors };
  } finally {
    await driver.stop();
  }
}
