// npm run dev: one process per subgraph; a change starts again what it touches, and a schema change is composed anew.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CompositionFailure, composeFile } from '../router/compose/index.ts';
import { takesNothing } from './arguments.ts';
import { type DistributedOptions, type DistributedSystem, startDistributed } from './run/distributed.ts';
import { runInstance } from './run/instance.ts';
import type { System } from './run/single.ts';
import { impactOf, watchFiles } from './run/watch.ts';
import { ROOT, readSettings } from './settings.ts';

const PLACES = ['subgraphs', 'router', 'platform', 'supergraph.yaml'];

/** Composes the supergraph that the router serves. @returns false, having said why, when the schemas do not fit. */
async function compose(file: string, notice: (line: string) => void): Promise<boolean> {
  try {
    const { supergraphSdl, hints } = await composeFile(join(ROOT, 'supergraph.yaml'));
    writeFileSync(file, supergraphSdl);
    if (hints.length) notice(`${hints.length} hints on the schemas: "npm run schema:check" shows them.`);
    return true;
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    notice(`The schemas do not compose; the router goes on with the last ones that did.\n${error.message}`);
    return false;
  }
}

async function apply(
  system: DistributedSystem,
  file: string,
  files: readonly string[],
  notice: (line: string) => void,
) {
  const names = [...system.workers.keys()].filter((name) => name !== 'router');
  const { subgraphs, router, compose: recompose } = impactOf(files, names);
  if (recompose) {
    // Subgraphs of schemas that do not fit together stay as they are, so that there is something to compare with.
    if (!(await compose(file, notice))) return;
    notice('Schema changed: composed anew.');
    system.workers.get('router')?.send({ reload: true });
  }
  const again = [...subgraphs, ...(router ? ['router'] : [])];
  if (again.length === 0) return;
  notice(
    `Changed: ${files.slice(0, 3).join(', ')}${files.length > 3 ? ' …' : ''}; starting again: ${again.join(', ')}.`,
  );
  await Promise.all(again.map((name) => system.workers.get(name)?.restart()));
}

async function startWatched(options: DistributedOptions): Promise<System> {
  const { home, notice } = options;
  const supergraphFile = join(home, 'run', 'supergraph.graphql');
  const composed = await compose(supergraphFile, notice);
  const system = await startDistributed(composed ? { ...options, supergraphFile } : options);
  const watcher = watchFiles(ROOT, PLACES, async (files) => {
    await apply(system, supergraphFile, files, notice).catch((error: Error) => notice(error.message));
  });
  return {
    ...system,
    stop: async () => {
      watcher.close();
      await system.stop();
    },
  };
}

await runInstance(() => {
  takesNothing('npm run dev', 'PORT and AISLE_HOME are read from the environment');
  const settings = { ...readSettings(), mode: 'distributed' as const };
  const title = 'Aisle for development, one process per subgraph, restarting what changes';
  return { what: 'npm run dev', title, settings, startSystem: startWatched };
});
