import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '@aisle/platform/identity';
import type { World } from './world.ts';

interface FromChild {
  readonly id?: number;
  readonly to?: string;
  readonly operation?: string;
  readonly variables?: Record<string, unknown>;
  readonly ready?: boolean;
  readonly call?: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they asked for
  readonly payload?: any;
}

let folder: string | undefined;

/** Where children keep what they compiled: many are started, and the second need not do again what the first did. */
function compiled(): string {
  if (!folder) {
    const made = mkdtempSync(join(tmpdir(), 'aisle-test-compiled-'));
    process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}

/** Orders in a process of its own that asks `world` for everything else. */
export async function startChild(env: Record<string, string>, world: World) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'kill.child.ts'), {
    env: { PATH: process.env.PATH ?? '', NODE_COMPILE_CACHE: compiled(), ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const { promise: isReady, resolve: ready, reject } = Promise.withResolvers<void>();
  void ended.then(() => reject(new Error('the child ended before it was ready')));
  const calls = new Map<number, (payload: FromChild['payload']) => void>();
  let numbers = 0;
  const reply = (message: object) => child.connected && child.send(message, () => {});
  child.on('message', async (message: FromChild) => {
    if (message.ready) return ready();
    if (message.call) return calls.get(message.call)?.(message.payload);
    const { id, to, operation, variables } = message;
    await world.handle(to!, operation!, variables!).then(
      (data) => reply({ answer: id, data }),
      (error: Error) => reply({ answer: id, error: error.message }),
    );
  });
  await isReady;
  return {
    child,
    ended,
    /** The payload of a mutation; never resolves when the process dies before it answers. */
    ask(mutation: 'placeOrder' | 'cancelOrder', caller: Caller, input: object) {
      const { promise, resolve } = Promise.withResolvers<FromChild['payload']>();
      const call = ++numbers;
      calls.set(call, resolve);
      reply({ call, mutation, input, caller });
      return promise;
    },
    async stop() {
      if (child.connected) child.disconnect();
      const fuse = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(fuse);
    },
  };
}
