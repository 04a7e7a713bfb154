import { setTimeout as delay } from 'node:timers/promises';
import { errorFields } from '../log/index.ts';
import { withSpan } from '../telemetry/index.ts';
import type { DriveTools, SagaCommand } from './port.ts';

export type StepResult<Command, Answer> =
  | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
  | { readonly kind: 'unanswered'; readonly commands: readonly Command[] }
  /** Not answered yet, and there is time left: try again later. */
  | { readonly kind: 'later'; readonly error: string };

type One<Answer> = { kind: 'answer'; answer: Answer } | { kind: 'late' } | { kind: 'failed'; error: string };

/** Sends the commands of a step side by side, each with a few tries in quick succession. `stepEnd`: see `Journal`. */
export async function performStep<State, Signal, Command extends SagaCommand, Answer, Fact>(
  tools: DriveTools<State, Signal, Command, Answer, Fact>,
  sagaId: string,
  commands: readonly Command[],
  stepEnd = Number.POSITIVE_INFINITY,
): Promise<StepResult<Command, Answer>> {
  const results = await Promise.all(
    commands.map((command) =>
      withSpan(`saga step ${command.name}`, { attributes: { 'aisle.saga.id': sagaId } }, () =>
        performOne(tools, sagaId, command, stepEnd),
      ),
    ),
  );
  const late = commands.filter((_, index) => results[index]!.kind === 'late');
  if (late.length > 0) return { kind: 'unanswered', commands: late };
  const failed = results.find((result) => result.kind === 'failed');
  if (failed) return { kind: 'later', error: failed.error };
  return {
    kind: 'answered',
    answers: results.flatMap((result) => (result.kind === 'answer' ? [result.answer] : [])),
  };
}

async function performOne<State, Signal, Command extends SagaCommand, Answer, Fact>(
  tools: DriveTools<State, Signal, Command, Answer, Fact>,
  sagaId: string,
  command: Command,
  stepEnd: number,
): Promise<One<Answer>> {
  const { crash, times, stopping, log } = tools;
  for (let attempt = 0; ; attempt++) {
    const timeoutMs = Math.min(times.tryMs, Math.max(stepEnd - performance.now(), 1));
    try {
      crash(command.name, 'before');
      const answer = await tools.perform(command, { sagaId, timeoutMs, signal: stopping });
      crash(command.name, 'after');
      return { kind: 'answer', answer };
    } catch (error) {
      log.warn('saga command failed', {
        saga: sagaId,
        command: command.name,
        attempt,
        ...errorFields(error),
      });
      if (performance.now() >= stepEnd) return { kind: 'late' };
      const pause = times.inlineRetriesMs[attempt];
      const message = `${command.name}: ${error instanceof Error ? error.message : String(error)}`.slice(
        0,
        500,
      );
      if (pause === undefined || stopping.aborted) return { kind: 'failed', error: message };
      const wait = Math.min(pause * (0.75 + tools.random() / 2), Math.max(stepEnd - performance.now(), 1));
      await delay(wait, undefined, { signal: stopping }).catch(() => {});
      if (stopping.aborted) return { kind: 'failed', error: message };
    }
  }
}
