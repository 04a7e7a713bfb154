// npm start: boots the stores, migrates, seeds on first run, starts the subgraphs and the router, and says where.
import { join } from 'node:path';
import { SetupError } from './errors.ts';
import { announce, takeHome, withdraw } from './home.ts';
import { listContexts } from './run/contexts.ts';
import { startDistributed } from './run/distributed.ts';
import { openLog } from './run/log.ts';
import { runProcess } from './run/process.ts';
import { startPsp } from './run/psp.ts';
import { demoLogins, seedOnce } from './run/seeding.ts';
import { startSingle } from './run/single.ts';
import { assignUrls, subgraphUrls } from './run/urls.ts';
import { secretsEnv } from './secrets.ts';
import { readSettings, type Settings } from './settings.ts';
import { startStores } from './stores/index.ts';
import { assertPortFree } from './stores/process.ts';

const say = (line: string) => console.log(line);

/** Ctrl-C while starting: what has started by then is ended, the rest is not begun. */
class Interrupted extends Error {}

interface Starting {
  readonly settings: Settings;
  /** What to end, last added first. */
  readonly stack: AsyncDisposableStack;
  /** Reports that a part ended by itself. */
  readonly fail: (why: string) => void;
  /** @throws Interrupted once the process was asked to end */
  readonly goOn: () => void;
}

async function start({ settings, stack, fail, goOn }: Starting): Promise<void> {
  const { home, port, mode } = settings;
  await assertPortFree(port);
  stack.adopt(takeHome(home, 'npm start'), async (lock) => lock.release());
  const { log, path } = stack.adopt(openLog(home, 'aisle'), (file) => file.close());
  say(`Aisle, ${mode === 'single' ? 'all in one process' : 'one process per subgraph'}; data in ${home}`);

  const stores = stack.adopt(await startStores({ home, log: say }), (running) => running.stop());
  goOn();
  const names = (await listContexts()).map(({ name }) => name);
  const addresses = await assignUrls(home, names);
  const urls = subgraphUrls(addresses, names);
  const secrets = secretsEnv(home, process.env);
  const webhookUrl = new URL('/webhooks/stripe', urls.payments).href;
  const psp = await startPsp({ home, given: process.env, secrets, webhookUrl });
  stack.defer(() => psp.stop());
  for (const { name, exited } of [...stores.handles, psp]) {
    void exited.then((how) => fail(`${name} ${how}; its log is ${join(home, 'logs', `${name}.log`)}.`));
  }
  say(section('Stores', [...stores.describe, `Payments   ${psp.choice}`]));

  const shared = { ...stores.env, ...psp.env, ...secrets, ...addresses };
  announce(home, { pid: process.pid, mode, env: shared });
  stack.defer(async () => withdraw(home));
  const env = { ...process.env, ...shared };
  goOn();
  await seedOnce({ home, env, log, say });
  goOn();

  const options = { env, log, port, urls, demoLogins: [] };
  const startSystem = mode === 'single' ? startSingle : startDistributed;
  const system = await startSystem({ ...options, home, notice: say });
  stack.defer(() => system.stop());
  announce(home, { pid: process.pid, mode, url: system.url, env: shared });
  say(section('Subgraphs', system.describe));
  say(section('Demo logins', await demoLogins()));
  say(`\nOpen ${system.url} in a browser for the explorer. Logs: ${path}`);
  say('Ctrl-C stops everything and keeps the data; "npm run reset" clears it.\n');
  say(`ready ${system.url}`);
}

function section(title: string, lines: readonly string[]): string {
  return ['', title, ...lines.map((line) => `  ${line}`)].join('\n');
}

await runProcess(async (asked) => {
  const settings = readSettings();
  const stack = new AsyncDisposableStack();
  const { promise: failed, resolve: fail } = Promise.withResolvers<string>();
  let signal: string | undefined;
  void asked.then((why) => {
    signal = why;
  });
  const goOn = () => {
    if (signal) throw new Interrupted();
  };
  try {
    await start({ settings, stack, fail, goOn });
    const fault = await Promise.race([asked.then(() => undefined), failed]);
    if (fault) throw new SetupError(fault);
    say(`\nStopping after ${signal} …`);
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) return 130;
    throw error;
  } finally {
    await stack.disposeAsync();
    if (signal) say('Stopped.');
  }
});
