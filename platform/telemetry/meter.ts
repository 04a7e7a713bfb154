export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(value?: number, labels?: Labels): void;
}
export interface Histogram {
  /** Seconds for durations, bytes for sizes. */
  record(value: number, labels?: Labels): void;
}

/** The metrics of one process, printed in Prometheus' text format. */
export interface Meter {
  counter(name: string, help: string): Counter;
  histogram(name: string, help: string, buckets?: readonly number[]): Histogram;
  /** `read` is asked at every scrape. */
  gauge(
    name: string,
    help: string,
    read: () => number | ReadonlyArray<{ labels: Labels; value: number }>,
  ): void;
  render(): string;
  /** Current value of a counter, for tests and the status page. */
  value(name: string, labels?: Labels): number;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Distinct label sets kept for one metric: more would let a client grow the process without bound. */
const MAX_SERIES = 1_000;

const ESCAPED = /[\\\n"]/;
const escapeLabel = (value: string) =>
  ESCAPED.test(value) ? value.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"') : value;

const pair = (name: string, value: string) => `${name}="${escapeLabel(value)}"`;

/** Equal for equal labels, whatever their order. Most callers have them in order already. */
function keyOf(labels: Labels = {}): string {
  let key = '';
  let before = '';
  for (const name in labels) {
    if (name < before) return sortedKeyOf(labels);
    key += `${key && ','}${pair(name, labels[name]!)}`;
    before = name;
  }
  return key;
}

function sortedKeyOf(labels: Labels): string {
  const names = Object.keys(labels).sort();
  return names.map((name) => pair(name, labels[name]!)).join(',');
}

interface Distribution {
  readonly counts: number[];
  sum: number;
  count: number;
}

interface Series {
  help: string;
  kind: 'counter' | 'histogram' | 'gauge';
  lines(name: string): string[];
}

export function createMeter(): Meter {
  const metrics = new Map<string, Series>();
  const counters = new Map<string, Map<string, number>>();
  const histograms = new Map<string, Map<string, Distribution>>();

  const counter = (name: string, help: string): Counter => {
    const values = counters.get(name) ?? new Map<string, number>();
    counters.set(name, values);
    const lines = () => [...values].map(([key, value]) => `${name}${key && `{${key}}`} ${value}`);
    metrics.set(name, { help, kind: 'counter', lines });
    return {
      add(value = 1, labels) {
        const key = keyOf(labels);
        if (values.has(key) || values.size < MAX_SERIES) values.set(key, (values.get(key) ?? 0) + value);
      },
    };
  };

  const histogram = (name: string, help: string, buckets: readonly number[] = SECONDS): Histogram => {
    const series = histograms.get(name) ?? new Map<string, Distribution>();
    histograms.set(name, series);
    const lines = () =>
      [...series].flatMap(([key, { counts, sum, count }]) => {
        const prefix = key && `${key},`;
        let seen = 0;
        const rows = buckets.map((le, i) => {
          seen += counts[i]!;
          return `${name}_bucket{${prefix}le="${le}"} ${seen}`;
        });
        const tail = key && `{${key}}`;
        return [
          ...rows,
          `${name}_bucket{${prefix}le="+Inf"} ${count}`,
          `${name}_sum${tail} ${sum}`,
          `${name}_count${tail} ${count}`,
        ];
      });
    metrics.set(name, { help, kind: 'histogram', lines });
    return {
      record(value, labels) {
        const key = keyOf(labels);
        let entry = series.get(key);
        if (!entry) {
          if (series.size >= MAX_SERIES) return;
          entry = { counts: buckets.map(() => 0), sum: 0, count: 0 };
          series.set(key, entry);
        }
        const index = buckets.findIndex((le) => value <= le);
        if (index >= 0) entry.counts[index]!++;
        entry.sum += value;
        entry.count++;
      },
    };
  };

  return {
    counter,
    histogram,
    gauge(name, help, read) {
      const lines = () => {
        const value = read();
        const rows = typeof value === 'number' ? [{ labels: {}, value }] : value;
        return rows.map((row) => {
          const key = keyOf(row.labels);
          return `${name}${key && `{${key}}`} ${row.value}`;
        });
      };
      metrics.set(name, { help, kind: 'gauge', lines });
    },
    render: () =>
      `${[...metrics]
        .flatMap(([name, { help, kind, lines }]) => [
          `# HELP ${name} ${help}`,
          `# TYPE ${name} ${kind}`,
          ...lines(name),
        ])
        .join('\n')}\n`,
    value: (name, labels) => counters.get(name)?.get(keyOf(labels)) ?? 0,
  };
}
