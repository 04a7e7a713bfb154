import { SetupError } from './errors.ts';

/** Reads arguments, and makes a sentence of what `parseArgs` has against them. @throws SetupError */
export function plainly<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const [problem = ''] = (error as Error).message.split(/\n|\. /);
    throw new SetupError(`${problem.replace(/\.$/, '')}.`);
  }
}

/** For a command that takes no arguments: what a person gives it would go unheard otherwise. @throws SetupError */
export function takesNothing(command: string, instead: string): void {
  const [first] = process.argv.slice(2);
  if (first === undefined) return;
  throw new SetupError(`"${command}" takes no arguments and was given "${first}"; ${instead}.`);
}
