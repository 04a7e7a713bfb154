import { parseArgs } from 'node:util';
import { openApi } from '../../clients/shop/api.ts';
import { readOptions } from '../../clients/shop/options.ts';
import { putOnShelf } from '../../clients/shop/shelf.ts';
import { startInstance } from '../instance.ts';
import { commitRate } from './commit-rate.ts';
import { type Round, shopFor, signUp } from './shoppers.ts';

/** Distinct products the shoppers buy: as in a shop, not everybody wants the same one. */
const PRODUCTS = 20;
const STOCK = 1_000_000;
const STEPS = [1, 8, 32];

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const ms = (value: number) => `${value.toFixed(0).padStart(5)} ms`;

/**
 * Completed orders a second and latency at 1, 8 and 32 shoppers, over HTTP, everything on this machine; beside them the
 * machine's own commit rate, so that the figure can be read on another machine.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { seconds: { type: 'string', default: '8' }, mode: { type: 'string', default: 'single' } },
  });
  const milliseconds = Number(values.seconds) * 1_000;
  const instance = await startInstance(values.mode === 'distributed' ? 'distributed' : 'single');
  const api = openApi({ url: instance.url, connections: 64 });
  try {
    const commits = await commitRate(instance.env.DATABASE_URL!, 32, 2_000);
    const options = readOptions(['--url', instance.url, '--stock', String(STOCK)], {});
    const skus: string[] = [];
    for (let i = 0; i < PRODUCTS; i++) skus.push((await putOnShelf(api, options)).sku);
    const shoppers = await signUp(api, Math.max(...STEPS));
    await shopFor(api, shoppers.slice(0, 8), skus, 3_000);

    console.log(
      `checkout: ${values.mode} mode, add to cart + place order until it is confirmed, ${values.seconds} s a step`,
    );
    console.log(
      `this machine's PostgreSQL makes ${commits.toFixed(0)} durable commits/s (32 connections, nothing else running)\n`,
    );
    console.log('shoppers  orders/s   placeOrder p50      p95      p99   whole p95   failed');
    const rounds: Round[] = [];
    for (const step of STEPS) {
      const round = await shopFor(api, shoppers.slice(0, step), skus, milliseconds);
      rounds.push(round);
      const { placing, whole, completed, failed, seconds } = round;
      console.log(
        `${String(step).padStart(8)}  ${(completed / seconds).toFixed(1).padStart(8)}        ${ms(at(placing, 0.5))} ${ms(at(placing, 0.95))} ${ms(at(placing, 0.99))}    ${ms(at(whole, 0.95))}   ${failed}`,
      );
      for (const [problem, times] of Object.entries(round.problems))
        console.log(`          ${times} × ${problem}`);
    }
    const best = rounds.at(-1)!;
    const rate = best.completed / best.seconds;
    console.log(
      `\nAt ${best.shoppers} shoppers: one completed order for every ${(commits / rate).toFixed(1)} commits this machine can make (${((100 * rate) / commits).toFixed(2)} %).`,
    );
    if (rounds.some(({ failed }) => failed > 0)) process.exitCode = 1;
  } finally {
    await api.close();
    await instance.stop();
  }
}
