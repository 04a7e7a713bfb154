import type { Reaction, SagaDefinition } from './definition.ts';

/** A saga for the contract test: two steps, a wait, an end; and a way back. */
export type TripState =
  | {
      readonly at: 'booking' | 'waiting' | 'paying' | 'undoing';
      readonly id: string;
      readonly steps?: 'soon';
    }
  | { readonly at: 'over'; readonly id: string; readonly how: string };

export interface TripCommand {
  readonly name: 'book' | 'reserve' | 'pay' | 'undo';
  readonly id: string;
}

export interface TripFact {
  readonly type: string;
}

type TripReaction = Reaction<TripState, TripCommand, TripFact>;

export const trip: SagaDefinition<TripState, string, TripCommand, string, TripFact> = {
  name: 'trip',
  deadlineMs: 60_000,
  stepOf: ({ at }) => at,
  react(state, input) {
    const { id } = state;
    const soon = 'steps' in state && state.steps;
    const over = (how: string): TripReaction => ({
      kind: 'complete',
      state: { at: 'over', id, how },
      facts: [{ type: how }],
    });
    const undo: Extract<TripReaction, { kind: 'send' }> = {
      kind: 'send',
      state: { at: 'undoing', id },
      commands: [{ name: 'undo', id }],
      facts: [{ type: 'undoing' }],
    };
    const pay: Extract<TripReaction, { kind: 'send' }> = {
      kind: 'send',
      state: { at: 'paying', id, ...(soon && { steps: soon }) },
      commands: [{ name: 'pay', id }],
      withinMs: 400,
      facts: [{ type: 'booked' }],
      commit: soon || 'now',
    };
    switch (state.at) {
      case 'booking':
        if (input.kind === 'answered') return input.answers.includes('wait') ? wait(id) : pay;
        if (input.kind === 'unanswered') return undo;
        return {
          kind: 'send',
          state,
          withinMs: 5_000,
          commands: [
            { name: 'book', id },
            { name: 'reserve', id },
          ],
        };
      case 'waiting':
        if (input.kind === 'signalled')
          return input.signal === 'noise' ? { kind: 'ignore', reason: 'noise' } : pay;
        return input.kind === 'woken' ? undo : { ...wait(id), facts: [] };
      case 'paying':
        if (input.kind === 'answered') return over('paid');
        if (input.kind === 'unanswered' || input.kind === 'overdue') return undo;
        return { ...pay, facts: [] };
      case 'undoing':
        if (input.kind === 'answered') return over('undone');
        return input.kind === 'overdue'
          ? { kind: 'ignore', reason: 'on the way back' }
          : { ...undo, facts: [] };
      case 'over':
        return { kind: 'ignore', reason: 'over' };
      default:
        return state satisfies never;
    }
  },
};

function wait(id: string) {
  return {
    kind: 'schedule',
    state: { at: 'waiting', id },
    facts: [{ type: 'waits' }],
    wakeInMs: 700,
  } as const;
}
