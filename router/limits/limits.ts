/** What one client request may ask for. Every limit is checked before anything is planned; see `docs/threats.md` for the attack behind each. */
export interface Limits {
  /** Bytes of a request body, after which reading stops: 413 `LIMIT_BODY`. @default 262144 */
  readonly bodyBytes: number;
  /** Lexical tokens of a document: `LIMIT_TOKENS`. @default 1000 */
  readonly tokens: number;
  /** Levels of nested fields, fragments flattened: `LIMIT_DEPTH`. @default 10 */
  readonly depth: number;
  /** Aliased fields of an operation, fragments flattened, `__typename` included: `LIMIT_ALIASES`. @default 15 */
  readonly aliases: number;
  /** Directives at one place (field, fragment, operation, variable): `LIMIT_DIRECTIVES`. @default 5 */
  readonly directives: number;
  /** How often one selection set may name the same field, fragments flattened: `LIMIT_REPEATS`. @default 50 */
  readonly repeats: number;
  /** Fields of an operation, fragments flattened, so that 2ⁿ fragments stop here: `LIMIT_FIELDS`. @default 2000 */
  readonly fields: number;
  /** Estimated cost of an operation, see `cost.ts`: `LIMIT_COST`. @default 1000 */
  readonly cost: number;
  /** Largest `first` or `last`, literal or variable: `LIMIT_PAGE`. @default 100 */
  readonly page: number;
  /** Levels of nested fields below `__schema` and `__type`, where introspection is allowed: `LIMIT_DEPTH`. @default 20 */
  readonly introspectionDepth: number;
  /** Operations running at once in this process: 503 `OVERLOADED`. @default 1000 */
  readonly concurrency: number;
  /** Milliseconds one operation may take; a client may ask for less (`x-aisle-timeout-ms`). @default 15000 */
  readonly timeout: number;
  /** Milliseconds in which a client must have sent its header, and its whole request. @default 10000 */
  readonly receiveTimeout: number;
  /** Header fields of a request: 431. @default 100 */
  readonly headers: number;
  /** Bytes of a request's header: 431. @default 16384 */
  readonly headerBytes: number;
  /** Open TCP connections of this process. @default 20000 */
  readonly connections: number;
  /** Live subscriptions (and other operations) of one WebSocket or one event stream: `LIMIT_SUBSCRIPTIONS`. @default 100 */
  readonly subscriptionsPerConnection: number;
  /** WebSockets and event streams of this process: 503. @default 10000 */
  readonly streams: number;
  /** Events waiting for one slow subscriber; one more ends its subscription with `SLOW_CONSUMER`. @default 256 */
  readonly bufferedEvents: number;
  /** Milliseconds in which a client that fell behind must have read what waits for it, else its connection is closed. @default 60000 */
  readonly stalled: number;
  /** Milliseconds a WebSocket client has to send `connection_init`: close code 4408. @default 5000 */
  readonly connectionInit: number;
  /** Milliseconds between heartbeats of WebSockets and event streams. @default 12000 */
  readonly heartbeat: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 256 * 1024,
  tokens: 1_000,
  depth: 10,
  aliases: 15,
  directives: 5,
  repeats: 50,
  fields: 2_000,
  cost: 1_000,
  page: 100,
  introspectionDepth: 20,
  concurrency: 1_000,
  timeout: 15_000,
  receiveTimeout: 10_000,
  headers: 100,
  headerBytes: 16 * 1024,
  connections: 20_000,
  subscriptionsPerConnection: 100,
  streams: 10_000,
  bufferedEvents: 256,
  stalled: 60_000,
  connectionInit: 5_000,
  heartbeat: 12_000,
};
