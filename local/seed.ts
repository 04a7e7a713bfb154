// npm run seed -- [--products N] [--customers N]: fills the stores of AISLE_HOME, running or not.
import { parseArgs } from 'node:util';
import { explainDisk, SetupError } from './errors.ts';
import { noteElsewhere, runningInstance, takeHome } from './home.ts';
import { listContexts } from './run/contexts.ts';
import { openLog } from './run/log.ts';
import { openPlatforms } from './run/platforms.ts';
import { runProcess, unlessAsked } from './run/process.ts';
import { startPsp } from './run/psp.ts';
import { markSeeded } from './run/seeding.ts';
import { assignUrls, subgraphUrls } from './run/urls.ts';
import { secretsEnv } from './secrets.ts';
import { seedAll } from './seed/index.ts';
import { homeFolder } from './settings.ts';
import { startStores } from './stores/index.ts';

const say = (line: string) => console.log(line);

const MAX_PRODUCTS = 1_000_000;
const MAX_CUSTOMERS = 100_000;

function readCounts(): { products: number; customers: number } {
  const count = (name: string, text: string, max: number) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
    throw new SetupError(`--${name} must be a whole number from 1 to ${max} and is "${text}".`);
  };
  try {
    const text = (value: string) => ({ type: 'string', default: value }) as const;
    const { values } = parseArgs({ options: { products: text('2000'), customers: text('500') } });
    return {
      products: count('products', values.products, MAX_PRODUCTS),
      customers: count('customers', values.customers, MAX_CUSTOMERS),
    };
  } catch (error) {
    if (error instanceof SetupError) throw error;
    const [problem] = (error as Error).message.split('\n');
    throw new SetupError(`${problem} Use: npm run seed -- --products 100000 --customers 500`);
  }
}

/** The environment of a running instance, or of stores that are started for as long as the seeding takes. */
async function environment(
  home: string,
  stack: AsyncDisposableStack,
): Promise<{ env: NodeJS.ProcessEnv; elsewhere: string }> {
  const instance = runningInstance(home);
  if (instance) return { env: { ...process.env, ...instance.env }, elsewhere: instance.elsewhere };
  stack.adopt(takeHome(home, 'npm run seed'), async (lock) => lock.release());
  const stores = stack.adopt(await startStores({ home, log: say }), (running) => running.stop());
  noteElsewhere(home, stores.elsewhere);
  const names = (await listContexts()).map(({ name }) => name);
  const addresses = await assignUrls(home, names);
  const secrets = secretsEnv(home, process.env);
  const webhookUrl = new URL('/webhooks/stripe', subgraphUrls(addresses, names).payments).href;
  const given = { home, elsewhere: stores.elsewhere, given: process.env, secrets, webhookUrl };
  const psp = stack.adopt(await startPsp(given), (running) => running.stop());
  const env = { ...process.env, ...stores.env, ...psp.env, ...secrets, ...addresses };
  return { env, elsewhere: stores.elsewhere };
}

await runProcess(async (asked) => {
  const goOn = unlessAsked(asked);
  const counts = readCounts();
  const home = homeFolder();
  await using stack = new AsyncDisposableStack();
  const started = performance.now();
  const { env, elsewhere } = await environment(home, stack);
  goOn();
  const { log } = stack.adopt(openLog(home, 'seed'), (file) => file.close());
  const platforms = await openPlatforms(env, log);
  stack.defer(() => platforms.close());
  const seeded = await seedAll(platforms.platformFor, { ...counts, log: say, goOn }).catch(
    (error: unknown) => {
      throw explainDisk(home, error);
    },
  );
  markSeeded(home, elsewhere, seeded);
  const { products, variants, customers, orders } = seeded;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(
    `Seeded ${products} products with ${variants} variants, ${customers} customers and ${orders} orders in ${seconds} s.`,
  );
  return 0;
});
