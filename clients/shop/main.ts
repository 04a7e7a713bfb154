/** `npm run shop`: a shopper (or a crowd of them) that acts through the public API only. */
import { openApi } from './api.ts';
import { buy } from './buy.ts';
import { crowd } from './crowd.ts';
import { openJournal } from './journal.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { BrokenPromise, ShopError } from './shop-error.ts';

async function shop(options: Options): Promise<number> {
  const { url, region, buyers, stock, scenario, json } = options;
  const print = (line: string) => void (json ? process.stderr : process.stdout).write(`${line}\n`);
  print(
    `Aisle shop · ${url} · ${region} · ${buyers > 0 ? `${buyers} buyers for ${stock} units` : scenario}\n`,
  );
  const journal = openJournal(print);
  const api = openApi({ url, connections: Math.max(32, Math.min(buyers, 256)), timeoutMs: 60_000 });
  let failure: Error | undefined;
  let result: unknown;
  try {
    result = buyers > 0 ? await crowd(api, options, journal) : await buy(api, options, journal);
    print('\nAll is as it must be.');
  } catch (error) {
    failure = error as Error;
    if (!(failure instanceof ShopError)) print(failure.stack ?? failure.message);
    print(`\n${failure instanceof BrokenPromise ? 'NOT as it must be' : 'Failed'}: ${failure.message}`);
  } finally {
    await api.close();
  }
  if (json) {
    const document = {
      ok: !failure,
      scenario,
      region,
      ...(failure ? { error: failure.message } : { result }),
      steps: journal.lines,
    };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  return failure ? 1 : 0;
}

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.help) process.stdout.write(`${HELP}\n`);
  else process.exitCode = await shop(options);
} catch (error) {
  if (!(error instanceof ShopError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
