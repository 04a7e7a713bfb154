import type { Database } from '../stores/index.ts';
import type { Reaction, SagaInput } from './definition.ts';
import { Journal } from './journal.ts';
import { performStep } from './perform.ts';
import type { DriveEnd, DriveTools, OnSaved, SagaCommand, SagaRow } from './port.ts';

/** More turns than any saga has steps: one that goes in circles is parked, not spun. */
const MAX_TURNS = 100;

/** What a runner tells a saga that it has just taken. */
export function firstInput<Signal, Command, Answer>(
  row: SagaRow<unknown, Signal>,
): SagaInput<Signal, Command, Answer> {
  const slept = row.was_parked === 'wait' && !row.early && row.signals.length === 0;
  return { kind: slept ? 'woken' : 'resumed' };
}

/** Carries a saga on until it is over, has to wait, or has to be tried again later. */
export async function drive<State, Signal, Command extends SagaCommand, Answer, Fact>(
  tools: DriveTools<State, Signal, Command, Answer, Fact>,
  database: Database,
  row: SagaRow<State, Signal>,
  first: SagaInput<Signal, Command, Answer>,
  onSaved?: OnSaved<State, Fact>,
): Promise<DriveEnd<State, Fact>> {
  const { definition, times, log } = tools;
  const journal = new Journal<State, Signal, Command, Answer, Fact>(tools, database, row, onSaved);
  const end = (kind: DriveEnd<State, Fact>['kind']) => ({ kind, state: journal.state, facts: journal.saved });
  let step = first.kind === 'started' ? '' : row.step;
  let input: SagaInput<Signal, Command, Answer> = first;

  /** A step keeps its end when it is said again, so that a restart does not give it more time. */
  const enter = (reaction: Exclude<Reaction<State, Command, Fact>, { kind: 'ignore' }>, ms?: number) => {
    // A step that is only said again, as at the start, is stored already.
    const isNews = reaction.state !== journal.state || (reaction.facts?.length ?? 0) > 0;
    if (isNews) journal.stage(reaction.state, reaction.facts ?? []);
    const next = definition.stepOf(reaction.state);
    if (next !== step) {
      journal.attempts = 0;
      journal.stepEnd = undefined;
      journal.lastError = null;
    }
    step = next;
    if (ms !== undefined) journal.stepEnd ??= performance.now() + ms;
    return isNews;
  };

  const goOn = async (): Promise<DriveEnd<State, Fact>> => {
    for (let turn = 0; turn < MAX_TURNS && journal.isOurs; turn++) {
      const reaction: Reaction<State, Command, Fact> = definition.react(journal.state, input);
      input = { kind: 'resumed' };
      switch (reaction.kind) {
        case 'ignore':
          log.debug('saga input ignored', { saga: row.id, step, reason: reaction.reason });
          break;
        case 'publish':
          enter(reaction);
          if (reaction.commit === 'soon') journal.saveSoon();
          else await journal.save();
          break;
        case 'send': {
          const isNews = enter(reaction, reaction.withinMs);
          if (!journal.overdue && performance.now() > journal.end) {
            journal.overdue = true;
            input = { kind: 'overdue' };
            break;
          }
          if (reaction.commit === 'soon') journal.saveSoon();
          else if (isNews && (await journal.save()) === undefined) return end('detached');
          const result = await performStep(tools, row.id, reaction.commands, journal.stepEnd);
          if (result.kind !== 'later') {
            input = result;
            break;
          }
          journal.attempts++;
          journal.lastError = result.error;
          await journal.save({
            parked: 'retry',
            dueMs: tools.stopping.aborted ? 0 : pauseMs(journal.attempts),
          });
          return end('detached');
        }
        case 'schedule': {
          enter(reaction, reaction.wakeInMs);
          const wait = Math.max(0, journal.stepEnd! - performance.now());
          if ((await journal.save({ parked: 'wait', dueMs: wait })) !== tools.owner) {
            return end(journal.isOurs ? 'waiting' : 'detached');
          }
          // A signal came while the saga was busy: it is still ours, and this is the moment to look at it.
          const signal = journal.signals[journal.consumed];
          if (signal === undefined) break;
          journal.consumed++;
          input = { kind: 'signalled', signal };
          break;
        }
        case 'complete':
          enter(reaction);
          if ((await journal.save({ finished: true })) === undefined) return end('detached');
          return end('completed');
        default:
          throw new Error(`Unknown reaction ${(reaction satisfies never as { kind: string }).kind}.`);
      }
    }
    if (journal.isOurs) await journal.save({ parked: 'retry', dueMs: times.maxRetryMs });
    return end('detached');
  };

  /** One second, doubling up to the longest pause, less up to a quarter so that a crowd does not come at once. */
  const pauseMs = (attempts: number) =>
    Math.min(1_000 * 2 ** Math.min(attempts - 1, 16), times.maxRetryMs) * (1 - tools.random() / 4);

  try {
    return await goOn();
  } finally {
    await journal.close();
  }
}
