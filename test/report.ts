import { relative } from 'node:path';
import { inspect } from 'node:util';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface Outcome {
  name: string;
  file?: string;
  line?: number;
  skip?: string | boolean;
  todo?: string | boolean;
  details: { type?: string; duration_ms: number; error?: Error & { cause?: unknown; failureType?: string } };
}

interface FileRecord {
  passed: number;
  failed: Outcome[];
  skipped: number;
  output: string;
  printed?: boolean;
}

/** How much of what a test file printed is shown when it fails. */
const OUTPUT_LIMIT = 8_000;

/**
 * Prints a line per file as it ends, and for failures the error and what the file printed.
 * Suites are not counted, nor is a test whose only fault is that one inside it failed.
 */
export async function report(
  stream: AsyncIterable<{ type: string; data: unknown }>,
  root: string,
): Promise<Counts> {
  const files = new Map<string, FileRecord>();
  const recordOf = (file = '') => {
    const record = files.get(file) ?? { passed: 0, failed: [], skipped: 0, output: '' };
    files.set(file, record);
    return record;
  };
  for await (const { type, data } of stream) {
    const outcome = data as Outcome & { message?: string; duration_ms?: number };
    const record = recordOf(outcome.file);
    const isTest = outcome.details?.type !== 'suite';
    if (type === 'test:pass' && isTest && (outcome.skip || outcome.todo)) record.skipped++;
    else if (type === 'test:pass' && isTest) record.passed++;
    else if (type === 'test:fail' && !isConsequence(outcome)) record.failed.push(outcome);
    else if (type === 'test:stdout' || type === 'test:stderr') {
      record.output = (record.output + outcome.message).slice(-OUTPUT_LIMIT);
    } else if (type === 'test:summary' && outcome.file) {
      print(relative(root, outcome.file), record, outcome.duration_ms ?? 0);
    }
  }
  // A file that could not even be loaded, or was ended at its limit, has no summary of its own.
  for (const [file, record] of files) {
    if (record.failed.length && !record.printed) print(relative(root, file), record);
  }
  return sum([...files.values()]);
}

function isConsequence({ details }: Outcome): boolean {
  return details.error?.failureType === 'subtestsFailed';
}

function print(name: string, record: FileRecord, ms?: number): void {
  const { passed, failed, skipped, output } = record;
  record.printed = true;
  const took = ms === undefined ? '' : `  ${Math.round(ms)} ms`;
  const skips = skipped ? `, ${skipped} skipped` : '';
  const counts = failed.length
    ? `${passed} passed, ${failed.length} FAILED${skips}`
    : `${passed} passed${skips}`;
  console.log(`${failed.length ? '✖' : '✔'} ${name}  ${counts}${took}`);
  for (const failure of failed) {
    const error = failure.details.error?.cause ?? failure.details.error;
    const where = failure.line ? `:${failure.line}` : '';
    console.log(`\n  ✖ ${failure.name}  (${name}${where})\n${indent(inspect(error, { depth: 6 }))}`);
  }
  if (failed.length && output.trim()) console.log(`\n  It printed:\n${indent(output.trimEnd())}\n`);
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function sum(records: FileRecord[]): Counts {
  const add = (pick: (record: FileRecord) => number) =>
    records.reduce((total, record) => total + pick(record), 0);
  return {
    passed: add((r) => r.passed),
    failed: add((r) => r.failed.length),
    skipped: add((r) => r.skipped),
  };
}
