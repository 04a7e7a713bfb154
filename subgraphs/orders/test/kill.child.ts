import type { Caller } from '@aisle/platform/identity';
import { createLog, silentLog } from '@aisle/platform/log';
import type { Commands } from '@aisle/platform/service';
import { CANCEL, PLACE, startOrders } from './start.ts';
import { operationOf } from './world.ts';

/**
 * A process of orders for tests that kill it: the other contexts live in the parent, so that they outlive it. It does
 * what the parent tells it (place, cancel), and takes over what others left.
 */
const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
let numbers = 0;

const commands: Commands = {
  send(document, variables, { to }) {
    const id = ++numbers;
    process.send!({ id, to, operation: operationOf(document), variables });
    return new Promise((resolve, reject) => waiting.set(id, { resolve: resolve as never, reject }));
  },
};

const log = process.env.AISLE_TEST_LOG ? createLog('orders') : silentLog;
const orders = await startOrders(process.env as Record<string, string>, commands, log);

interface FromParent {
  /** A call to make, and its number. */
  readonly call?: number;
  readonly mutation?: 'placeOrder' | 'cancelOrder';
  readonly input?: object;
  readonly caller?: Caller;
  /** Number of a command that was answered. */
  readonly answer?: number;
  readonly data?: never;
  readonly error?: string;
}

process.on('message', async ({ call, mutation, input, caller, answer, data, error }: FromParent) => {
  if (mutation) {
    const { data: found } = await orders.ask(caller!, mutation === 'placeOrder' ? PLACE : CANCEL, { input });
    process.send!({ call, payload: found?.[mutation] ?? null });
    return;
  }
  const entry = waiting.get(answer!);
  waiting.delete(answer!);
  if (error) entry?.reject(new Error(error));
  else entry?.resolve(data!);
});
process.on('disconnect', () => void orders.stop());
process.send!({ ready: true });
