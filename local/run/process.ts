import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from '../errors.ts';

/** Longest a process of ours takes to end itself, milliseconds. */
const FUSE_MS = 45_000;
const PARENT_MS = 500;

/** Asked to end while something was under way that can be gone on with another time. */
export class Interrupted extends Error {}

/** Exit code of a process that SIGINT cut short, as shells count. */
const INTERRUPTED_CODE = 130;

/** To be called between the parts of something long. @returns a function that throws Interrupted once `asked` has resolved */
export function unlessAsked(asked: Promise<string>): () => void {
  let isAsked = false;
  void asked.then(() => {
    isAsked = true;
  });
  return () => {
    if (isAsked) throw new Interrupted();
  };
}

/**
 * Runs the body of one of our processes: what it throws becomes a sentence and exit code 1; SIGINT, SIGTERM, the end
 * of the parent or of the IPC channel resolve `asked`; after the body has returned, the process ends.
 */
export async function runProcess(body: (asked: Promise<string>) => Promise<number>): Promise<void> {
  const { promise: asked, resolve: ask } = Promise.withResolvers<string>();
  // Whoever read our output may leave (`npm start | head`); that is no reason to fall over.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
  process.once('disconnect', () => ask('the end of its supervisor'));
  if (process.env.npm_lifecycle_event || process.env.AISLE_SUPERVISED) watchParent(ask);
  void asked.then(async () => {
    await sleep(FUSE_MS, undefined, { ref: false });
    process.stderr.write(`Could not end within ${FUSE_MS / 1000} s; leaving.\n`);
    process.exit(1);
  });
  let code = 1;
  try {
    code = await body(asked);
  } catch (error) {
    if (error instanceof Interrupted) code = INTERRUPTED_CODE;
    else process.stderr.write(`${sentence(error)}\n`);
  }
  process.exit(code);
}

/** npm and the bootstrap may be killed without a word; whoever they started must not stay behind. */
function watchParent(ask: (why: string) => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) ask('the end of its parent');
  }, PARENT_MS);
  timer.unref();
}

/** What a person can act on is printed plainly; anything else is a fault of ours and keeps its stack. */
function sentence(error: unknown): string {
  if (error instanceof SetupError) return error.message;
  if (error instanceof Error && ['ConfigError', 'CompositionFailure'].includes(error.constructor.name))
    return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
