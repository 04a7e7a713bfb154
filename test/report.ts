import type { Outcome } from './json-reporter.ts';
import type { FileResult } from './run-file.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Prints a line for a file, and for failures the error and what the file printed. */
export function print(name: string, { outcomes, output, ms }: FileResult): Counts {
  const count = (type: Outcome['type']) => outcomes.filter((outcome) => outcome.type === type).length;
  const counts = { passed: count('pass'), failed: count('fail'), skipped: count('skip') };
  const failed = counts.failed ? `, ${counts.failed} FAILED` : '';
  const skipped = counts.skipped ? `, ${counts.skipped} skipped` : '';
  const mark = counts.failed ? '✖' : '✔';
  console.log(`${mark} ${name}  ${counts.passed} passed${failed}${skipped}  ${Math.round(ms)} ms`);
  for (const outcome of outcomes.filter(({ type }) => type === 'fail')) {
    const where = outcome.line ? `:${outcome.line}` : '';
    console.log(`\n  ✖ ${outcome.name}  (${name}${where})\n${indent(outcome.error ?? '')}\n`);
  }
  if (counts.failed && output.trim()) console.log(`  It printed:\n${indent(output.trimEnd())}\n`);
  return counts;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
