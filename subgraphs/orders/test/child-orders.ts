import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Caller } from '@aisle/platform/identity';
import type { World } from './world.ts';

interface FromChild {
  readonly id?: number;
  readonly to?: string;
  readonly operation?: string;
  readonly variables?: Record<string, unknown>;
  readonly ready?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they asked for
  readonly placed?: any;
}

/** Orders in a process of its own that asks `world` for everything else. */
export async function startChild(env: Record<string, string>, world: World) {
  const child: ChildProcess = fork(join(import.meta.dirname, 'kill.child.ts'), {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const { promise: isReady, resolve: ready, reject } = Promise.withResolvers<void>();
  void ended.then(() => reject(new Error('the child ended before it was ready')));
  const answers: ((placed: FromChild['placed']) => void)[] = [];
  const reply = (message: object) => child.connected && child.send(message, () => {});
  child.on('message', async (message: FromChild) => {
    if (message.ready) return ready();
    if ('placed' in message) return answers.shift()?.(message.placed);
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
    /** The payload of `placeOrder`; never resolves when the process dies before it answers. */
    place(caller: Caller, input: object) {
      const { promise, resolve } = Promise.withResolvers<FromChild['placed']>();
      answers.push(resolve);
      reply({ place: input, caller });
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
