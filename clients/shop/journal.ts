import { performance } from 'node:perf_hooks';

export interface Line {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly step: string;
  readonly detail: string;
  /** Milliseconds the step took; absent for live events. */
  readonly took?: number;
}

/** What happened and how long it took: printed as it happens, and kept for `--json`. */
export interface Journal {
  readonly lines: readonly Line[];
  /** Runs a step and prints it with its time. */
  step<T>(name: string, work: () => Promise<T>, describe: (result: T) => string): Promise<T>;
  /** An event that came by itself. */
  live(name: string, detail: string): void;
  note(detail: string): void;
}

export function openJournal(write: (line: string) => void): Journal {
  const began = performance.now();
  const lines: Line[] = [];
  const now = () => Math.round(performance.now() - began);
  const add = (line: Line, mark: string) => {
    lines.push(line);
    const took = line.took === undefined ? '' : `${line.took} ms`;
    write(
      `${String(line.at).padStart(6)} ms ${mark} ${line.step.padEnd(14)} ${took.padStart(8)}  ${line.detail}`,
    );
  };
  return {
    lines,
    async step(name, work, describe) {
      const from = performance.now();
      const result = await work();
      const took = Math.round(performance.now() - from);
      add({ at: now(), step: name, detail: describe(result), took }, '→');
      return result;
    },
    live: (step, detail) => add({ at: now(), step, detail }, '◦'),
    note: (detail) => add({ at: now(), step: '', detail }, ' '),
  };
}
