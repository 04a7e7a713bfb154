import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assertRoom, explainDisk, SetupError } from '../errors.ts';
import { announce, noteElsewhere, takeHome, withdraw } from '../home.ts';
import { secretsEnv } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import { startStores } from '../stores/index.ts';
import { assertPortFree, keepPort } from '../stores/process.ts';
import type { StoreHandle } from '../stores/types.ts';
import { listContexts } from './contexts.ts';
import type { DistributedOptions } from './distributed.ts';
import { openLog } from './log.ts';
import { Interrupted, runProcess, unlessAsked } from './process.ts';
import { startPsp } from './psp.ts';
import { demoLoginLines, isSeeded, seedOnce } from './seeding.ts';
import type { System } from './single.ts';
import { assignUrls, subgraphUrls } from './urls.ts';

const say = (line: string) => console.log(line);

export interface InstanceOptions {
  /** The command, for the message to a second one on the same home. */
  readonly what: string;
  readonly title: string;
  readonly settings: Settings;
  readonly startSystem: (options: DistributedOptions) => Promise<System>;
}

/** Runs a whole Aisle on one home until it is asked to end or a part of it fails; the body of `npm start` and `npm run dev`. */
export function runInstance(readOptions: () => InstanceOptions): Promise<void> {
  return runProcess(async (asked) => {
    const options = readOptions();
    const stack = new AsyncDisposableStack();
    const { promise: failed, resolve: fail } = Promise.withResolvers<string>();
    let signal: string | undefined;
    void asked.then((why) => {
      signal = why;
      say(`\nStopping after ${signal} …`);
    });
    // Ctrl-C while starting: what has started by then is ended, the rest is not begun.
    const goOn = unlessAsked(asked);
    try {
      await start(options, { stack, fail, goOn });
      const fault = await Promise.race([asked.then(() => undefined), failed]);
      if (fault) throw new SetupError(fault);
      return 0;
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      throw explainDisk(options.settings.home, error);
    } finally {
      await stack.disposeAsync();
      if (signal) say('Stopped.');
    }
  });
}

interface Supervision {
  /** What to end, last added first. */
  readonly stack: AsyncDisposableStack;
  /** Reports that a part ended by itself. */
  readonly fail: (why: string) => void;
  /** @throws Interrupted once the process was asked to end */
  readonly goOn: () => void;
}

async function start(options: InstanceOptions, { stack, fail, goOn }: Supervision): Promise<void> {
  const { what, title, settings, startSystem } = options;
  const { home, port, mode } = settings;
  await assertPortFree(port);
  assertRoom(home, !existsSync(join(home, 'run')));
  stack.adopt(takeHome(home, what), async (lock) => lock.release());
  keepPort(home, 'router', port);
  const { log, path } = stack.adopt(openLog(home, 'aisle'), (file) => file.close());
  say(`${title}; data in ${home}`);

  const { env, urls, elsewhere } = await startBeneath(home, { stack, fail, goOn });
  announce(home, { pid: process.pid, mode, elsewhere, env });
  stack.defer(async () => withdraw(home));
  if (settings.seed) await seedOnce({ home, elsewhere, env: { ...process.env, ...env }, log, say, goOn });
  goOn();

  const system = await startSystem({
    env: { ...process.env, ...env },
    log,
    port,
    urls,
    home,
    notice: say,
    demo: isSeeded(home, elsewhere),
  });
  stack.defer(() => system.stop());
  announce(home, { pid: process.pid, mode, url: system.url, elsewhere, env });
  say(section('Subgraphs', system.describe));
  if (isSeeded(home, elsewhere)) say(section('Demo logins', await demoLoginLines()));
  say(`\nOpen ${system.url} in a browser for the explorer. Logs: ${path}`);
  say('Ctrl-C stops everything and keeps the data; "npm run reset" clears it.\n');
  say(`ready ${system.url}`);
}

/** The stores and the payment provider, and the environment that leads to them. */
async function startBeneath(home: string, { stack, fail, goOn }: Supervision) {
  const stores = stack.adopt(await startStores({ home, log: say }), (running) => running.stop());
  const { elsewhere } = stores;
  noteElsewhere(home, elsewhere);
  goOn();
  const names = (await listContexts()).map(({ name }) => name);
  const addresses = await assignUrls(home, names);
  const urls = subgraphUrls(addresses, names);
  const secrets = secretsEnv(home, process.env);
  const media = { MEDIA_ORIGIN: process.env.MEDIA_ORIGIN || new URL(urls.catalogue ?? '').origin };
  const webhookUrl = new URL('/webhooks/stripe', urls.payments).href;
  const psp = await startPsp({ home, elsewhere, given: process.env, secrets, webhookUrl, notice: say });
  stack.defer(() => psp.stop());
  for (const store of [...stores.handles, psp]) void watch(home, store, fail);
  say(section('Stores', [...stores.describe, `Payments   ${psp.choice}`]));
  goOn();
  return { env: { ...stores.env, ...psp.env, ...secrets, ...addresses, ...media }, urls, elsewhere };
}

async function watch(home: string, { name, lost }: StoreHandle, fail: (why: string) => void): Promise<void> {
  const how = await lost;
  fail(`${name} ${how}; its log is ${join(home, 'logs', `${name}.log`)}.`);
}

function section(title: string, lines: readonly string[]): string {
  return ['', title, ...lines.map((line) => `  ${line}`)].join('\n');
}
