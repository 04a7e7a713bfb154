// npm run subgraph -- NAME [--port N]: runs one subgraph on its own, against the stores that the environment names
// (DATABASE_URL …, REDIS_URL, MONGODB_URL, AWS_ENDPOINT_URL) or else those of the instance running on AISLE_HOME.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createLog } from '@aisle/platform/log';
import { plainly } from './arguments.ts';
import { SetupError } from './errors.ts';
import { runningInstance } from './home.ts';
import { type AnyDefinition, listContexts } from './run/contexts.ts';
import { runProcess } from './run/process.ts';
import { startSubgraphProcess } from './run/subgraph-process.ts';
import { homeFolder, readPort } from './settings.ts';
import { assertPortFree } from './stores/process.ts';

function environment(): NodeJS.ProcessEnv {
  if (process.env.DATABASE_URL && process.env.AISLE_ENVELOPE_KEY) return process.env;
  const instance = runningInstance(homeFolder());
  if (instance) return { ...instance.env, ...process.env };
  throw new SetupError(
    `Nothing runs on ${homeFolder()}: start Aisle there first, or set DATABASE_URL, REDIS_URL, MONGODB_URL, AWS_ENDPOINT_URL and AISLE_ENVELOPE_KEY.`,
  );
}

/** @throws SetupError saying what is allowed */
function readArgs(names: readonly string[]): { name: string; port: number } {
  const options = { port: { type: 'string', default: '0' } } as const;
  const { values, positionals } = plainly(() => parseArgs({ options, allowPositionals: true }));
  const [name, ...more] = positionals;
  if (name === undefined || !names.includes(name) || more.length > 0)
    throw new SetupError(`Say which subgraph to run: ${names.join(', ')}.`);
  return { name, port: readPort('--port', values.port) };
}

await runProcess(async (asked) => {
  const contexts = await listContexts();
  const { name, port } = readArgs(contexts.map(({ name }) => name));
  const context = contexts.find((each) => each.name === name)!;
  const { default: definition } = (await import(pathToFileURL(join(context.root, 'index.ts')).href)) as {
    default: AnyDefinition;
  };
  const env = environment();
  const log = createLog(context.name, { level: env.LOG_LEVEL ?? 'info' });
  await assertPortFree(port, '--port');
  const names = contexts.map(({ name }) => name);
  const subgraph = await startSubgraphProcess({ definition, env, log, port, names });
  process.send?.({ ready: true });
  if (!process.send) console.log(`ready ${subgraph.url}`);
  log.info('stopping', { why: await asked });
  await subgraph.stop();
  return 0;
});
