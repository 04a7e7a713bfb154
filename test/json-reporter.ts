import { inspect } from 'node:util';

/** What the runner needs to know of one test of a file, as one line of JSON. */
export interface Outcome {
  type: 'pass' | 'fail' | 'skip';
  name: string;
  line?: number;
  /** The error, printed. */
  error?: string;
}

interface Event {
  type: string;
  data: {
    name: string;
    /** Of a diagnostic. */
    message?: string;
    line?: number;
    skip?: unknown;
    todo?: unknown;
    details?: { type?: string; error?: Error & { cause?: unknown; failureType?: string } };
  };
}

/** A reporter of node:test. Suites are left out, and tests whose only fault is that one inside them failed. */
export default async function* report(source: AsyncIterable<Event>): AsyncGenerator<string> {
  for await (const { type, data } of source) {
    const outcome = outcomeOf(type, data);
    if (outcome) yield `${JSON.stringify(outcome)}\n`;
  }
}

function outcomeOf(
  type: string,
  { name, message = '', line, skip, todo, details }: Event['data'],
): Outcome | undefined {
  // It makes the process fail, though no test did.
  if (type === 'test:diagnostic' && message.includes('asynchronous activity after the test ended'))
    return { type: 'fail', name: 'after the tests', error: message };
  const isTest = details?.type !== 'suite';
  if (type === 'test:pass' && isTest) return { type: skip || todo ? 'skip' : 'pass', name };
  const error = details?.error;
  if (type !== 'test:fail' || error?.failureType === 'subtestsFailed') return undefined;
  return { type: 'fail', name, error: inspect(error?.cause ?? error, { depth: 6 }), ...(line && { line }) };
}
