/** What a saga is told. */
export type SagaInput<Signal, Command, Answer> =
  /** It was just created. */
  | { readonly kind: 'started' }
  /** It goes on somewhere else, or later: say again what the present step is. Nothing else has happened. */
  | { readonly kind: 'resumed' }
  /** Every command of the step was answered, in the order sent. */
  | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
  /** The step's time is over and these commands have no answer: they may or may not have been carried out. */
  | { readonly kind: 'unanswered'; readonly commands: readonly Command[] }
  /** Something arrived from outside. */
  | { readonly kind: 'signalled'; readonly signal: Signal }
  /** The time given with `schedule` has passed. */
  | { readonly kind: 'woken' }
  /** The whole saga takes longer than its deadline. Told once. */
  | { readonly kind: 'overdue' };

interface Moves<State, Fact> {
  readonly state: State;
  /** What is true from now on, stored in the commit that stores the state. */
  readonly facts?: readonly Fact[];
  /**
   * `now`: stored before anything else is done. `soon`: stored with the next commit, or after the merge window when
   * that takes longer. Only for steps that may be done twice: a crash in between goes back to the stored state.
   * @default 'now'
   */
  readonly commit?: 'now' | 'soon';
}

/** What a saga does about an input. */
export type Reaction<State, Command, Fact> =
  /** Send commands, at once side by side, and come back with the answers. */
  | (Moves<State, Fact> & {
      readonly kind: 'send';
      readonly commands: readonly Command[];
      /** Milliseconds for the step with all its tries; without it the commands are repeated until they are answered. */
      readonly withinMs?: number;
    })
  /** State facts, and go on with `resumed`. */
  | (Moves<State, Fact> & { readonly kind: 'publish' })
  /** Wait for a signal, at most so long. Milliseconds. */
  | (Moves<State, Fact> & { readonly kind: 'schedule'; readonly wakeInMs: number })
  /** It is over. */
  | (Moves<State, Fact> & { readonly kind: 'complete' })
  /** The input means nothing here. */
  | { readonly kind: 'ignore'; readonly reason: string };

/**
 * A saga as a pure function: no clock, no store, no network. Commands must be idempotent by what they carry, because
 * they are sent again after a crash, a lost answer or a take-over.
 */
export interface SagaDefinition<State, Signal, Command, Answer, Fact> {
  readonly name: string;
  /** Milliseconds after which a saga counts as stuck and is told `overdue`. */
  readonly deadlineMs: number;
  readonly react: (state: State, input: SagaInput<Signal, Command, Answer>) => Reaction<State, Command, Fact>;
  /** Name of the step a state is at, for people and metrics. */
  readonly stepOf: (state: State) => string;
}
