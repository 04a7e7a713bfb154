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

export interface Contender<Name extends string> {
  readonly name: Name;
  readonly process: BenchProcess;
  readonly path: string;
}

interface Usage {
  readonly cpuMicros: number;
  readonly rss: number;
}

interface Driven {
  readonly latencies: readonly number[];
  readonly elapsed: number;
  readonly errors: number;
  readonly bytes: number;
}

const ROUNDS = 3;
/** V8 compiles the slower gateways late: time alone does not warm them up on a busy machine. */
const WARM_UP_REQUESTS = 500;

/**
 * Warms every gateway up, then measures them in turns, `ROUNDS` times: what else the machine does meanwhile falls on all of them alike.
 * `seconds` is the time measured per gateway; warming up takes as long, or twice that.
 */
export async function measure<Name extends string>(
  contenders: readonly Contender<Name>[],
  body: string,
  seconds: number,
  connections: number,
): Promise<Map<Name, Measurement>> {
  const driver = await startProcess('./driver-process.ts', [], {}, false);
  try {
    const rounds = new Map<Name, { driven: Driven; cpuMicros: number; rss: number }[]>();
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { name, process, path } of contenders) {
        const before = await process.ask<Usage>({});
        const driven = await driver.ask<Driven>({
          port: process.port,
          path,
          body,
          connections,
          ...(round === 0 ? { seconds, atLeast: WARM_UP_REQUESTS } : { seconds: seconds / ROUNDS }),
        });
        const after = await process.ask<Usage>({});
        if (round > 0)
          rounds.set(name, [
            ...(rounds.get(name) ?? []),
            { driven, cpuMicros: after.cpuMicros - before.cpuMicros, rss: after.rss },
          ]);
      }
    }
    return new Map([...rounds].map(([name, parts]) => [name, summarise(parts)]));
  } finally {
    await driver.stop();
  }
}

function summarise(rounds: readonly { driven: Driven; cpuMicros: number; rss: number }[]): Measurement {
  const latencies = rounds.flatMap(({ driven }) => driven.latencies).sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const sum = (of: (round: (typeof rounds)[number]) => number): number =>
    rounds.reduce((total, round) => total + of(round), 0);
  return {
    rps: latencies.length / sum(({ driven }) => driven.elapsed),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    cpu: sum(({ cpuMicros }) => cpuMicros) / 1000 / latencies.length,
    memory: Math.max(...rounds.map(({ rss }) => rss)) / 2 ** 20,
    bytes: rounds[0]?.driven.bytes ?? 0,
    errors: sum(({ driven }) => driven.errors),
  };
}
