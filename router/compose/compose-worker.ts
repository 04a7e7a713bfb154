// The thread of `composeApart`: composes the file it is given and says what came of it.
import { parentPort, workerData } from 'node:worker_threads';
import { composeFile } from './compose.ts';
import type { Said } from './compose-apart.ts';
import { CompositionFailure } from './composition-failure.ts';

const say = (said: Said) => parentPort?.postMessage(said);

try {
  say({ composition: await composeFile(workerData as string) });
} catch (error) {
  if (error instanceof CompositionFailure) say({ problems: error.problems });
  else say({ problem: error instanceof Error ? error.message : String(error) });
}
