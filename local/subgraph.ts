// npm run subgraph -- NAME [--port N]: runs one subgraph on its own, against the stores that the environment names
// (DATABASE_URL …, REDIS_URL, MONGODB_URL, AWS_ENDPOINT_URL) or else those of the instance running on AISLE_HOME.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createLog } from '@aisle/platform/log';
import { SetupError } from './errors.ts';
import { runningInstance } from './home.ts';
import { type AnyDefinition, listContexts } from './run/contexts.ts';
import { runProcess } from './run/process.ts';
import { startSubgraphProcess } from './run/subgraph-process.ts';
import { homeFolder } from './settings.ts';

function environment(): NodeJS.ProcessEnv {
  if (process.env.DATABASE_URL && process.env.AISLE_ENVELOPE_KEY) return process.env;
  const instance = runningInstance(homeFolder());
  if (instance) return { ...instance.env, ...process.env };
  throw new SetupError(
    `Nothing runs on ${homeFolder()}: start Aisle there first, or set DATABASE_URL, REDIS_URL, MONGODB_URL, AWS_ENDPOINT_URL and AISLE_ENVELOPE_KEY.`,
  );
}

await runProcess(async (asked) => {
  const { values, positionals } = parseArgs({
    options: { port: { type: 'string' } },
    allowPositionals: true,
  });
  const contexts = await listContexts();
  const context = contexts.find(({ name }) => name === positionals[0]);
  if (!context) {
    throw new SetupError(`Say which subgraph to run: ${contexts.map(({ name }) => name).join(', ')}.`);
  }
  const { default: definition } = (await import(pathToFileURL(join(context.root, 'index.ts')).href)) as {
    default: AnyDefinition;
  };
  const env = environment();
  const log = createLog(context.name, { level: env.LOG_LEVEL ?? 'info' });
  const port = Number(values.port ?? 0);
  const names = contexts.map(({ name }) => name);
  const subgraph = await startSubgraphProcess({ definition, env, log, port, names });
  process.send?.({ ready: true });
  if (!process.send) console.log(`ready ${subgraph.url}`);
  log.info('stopping', { why: await asked });
  await subgraph.stop();
  return 0;
});
