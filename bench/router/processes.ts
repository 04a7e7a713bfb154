import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A child of the bench; it ends with the bench. */
export interface BenchProcess {
  readonly port: number;
  ask<T>(message: object): Promise<T>;
  stop(): Promise<void>;
}

export async function startProcess(
  file: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  announces = true,
): Promise<BenchProcess> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    // Sixteen large answers at once do not fit V8's usual young generation; all gateways get the same room.
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { port } = announces ? await nextMessage<{ port: number }>(child, file) : { port: 0 };
  return {
    port,
    ask(message) {
      child.send(message);
      return nextMessage(child, file);
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      // Some gateways answer SIGTERM with a long goodbye.
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function nextMessage<T>(child: ChildProcess, file: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const fuse = setTimeout(() => fail(new Error(`${file} does not answer`)), 60_000);
    const onExit = (code: number | null): void => fail(new Error(`${file} ended with code ${code}`));
    const onMessage = (message: unknown): void => {
      clearTimeout(fuse);
      child.off('exit', onExit);
      resolve(message as T);
    };
    const fail = (error: Error): void => {
      clearTimeout(fuse);
      child.off('message', onMessage);
      reject(error);
    };
    child.once('exit', onExit);
    child.once('message', onMessage);
  });
}
