import type { Store } from './store.ts';
import type { Params, Reply, Stored } from './types.ts';

/** What a handler works with. */
export interface Context {
  readonly store: Store;
  /** Epoch seconds, as the protocol has it. */
  readonly seconds: () => number;
  /** Tells webhook endpoints, after the reply's state is stored. */
  readonly emit: (type: string, object: Stored) => void;
  /** Where a buyer confirms a payment: base address of the emulator. */
  readonly address: () => string;
}

export interface Call {
  readonly params: Params;
  /** Parts of the path that the route left open. */
  readonly ids: readonly string[];
}

export type Handler = (context: Context, call: Call) => Reply;

export const ok = (body: unknown, delivery?: Reply['delivery']): Reply => ({
  status: 200,
  body,
  ...(delivery && { delivery }),
});
