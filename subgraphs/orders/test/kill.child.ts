import { createLog, silentLog } from '@aisle/platform/log';
import type { Commands } from '@aisle/platform/service';
import { PLACE, startOrders } from './start.ts';
import { operationOf } from './world.ts';

/**
 * A process of orders for tests that kill it: the other contexts live in the parent, so that they outlive it. It does
 * what the parent tells it (`place`), and takes over what others left.
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

process.on(
  'message',
  async (message: { answer?: number; data?: never; error?: string; place?: object; caller?: never }) => {
    if (message.place) {
      const answer = await orders.ask(message.caller as never, PLACE, { input: message.place });
      process.send!({ placed: answer.data?.placeOrder ?? null, errors: answer.errors });
      return;
    }
    const entry = waiting.get(message.answer!);
    waiting.delete(message.answer!);
    if (message.error) entry?.reject(new Error(message.error));
    else entry?.resolve(message.data!);
  },
);
process.on('disconnect', () => void orders.stop());
process.send!({ ready: true });
