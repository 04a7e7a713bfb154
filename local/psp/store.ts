import { randomBytes } from 'node:crypto';
import { type Journal, openJournal, readJournal } from './journal.ts';
import type { Stored } from './types.ts';

/** Idempotency records are kept this long, as Stripe keeps them: milliseconds. */
const KEY_LIFE_MS = 24 * 3_600_000;

/** The first answer to a request with an idempotency key. */
export interface KeyRecord {
  readonly key: string;
  /** Digest of method, path and parameters. */
  readonly print: string;
  readonly status: number;
  readonly body: string;
  readonly at: number;
}

export interface PendingEvent {
  readonly id: string;
  readonly payload: string;
}

interface Entry {
  put?: Stored[];
  key?: KeyRecord;
  event?: PendingEvent;
  sent?: string;
}

/** Everything the emulator knows: objects by id and kind, answers by idempotency key, events not yet delivered. */
export interface Store {
  get<T extends Stored>(object: T['object'], id: string): T | undefined;
  /** In the order they were made. */
  all<T extends Stored>(object: T['object']): readonly T[];
  /** Intents whose metadata has `name: value`. */
  tagged(name: string, value: string): readonly string[];
  put(...objects: Stored[]): void;
  key(key: string): KeyRecord | undefined;
  saveKey(record: KeyRecord): void;
  events(): readonly PendingEvent[];
  saveEvent(event: PendingEvent): void;
  forgetEvent(id: string): void;
  counts(): Record<string, number>;
  /** Writes what one request changed as one line. */
  flush(): void;
  close(): void;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An id as Stripe makes them: prefix and 24 letters or digits. */
export function pspId(prefix: string): string {
  let tail = '';
  for (const byte of randomBytes(24)) tail += ALPHABET[byte % ALPHABET.length];
  return `${prefix}_${tail}`;
}

export function openStore(path: string, now: () => number): Store {
  const byId = new Map<string, Stored>();
  const byKind = new Map<string, Stored[]>();
  const places = new Map<string, number>();
  const tags = new Map<string, string[]>();
  const keys = new Map<string, KeyRecord>();
  const events = new Map<string, PendingEvent>();

  const remember = (object: Stored) => {
    const known = places.get(object.id);
    const list = byKind.get(object.object) ?? [];
    byKind.set(object.object, list);
    byId.set(object.id, object);
    if (known !== undefined) {
      list[known] = object;
      return;
    }
    places.set(object.id, list.push(object) - 1);
    if (object.object !== 'payment_intent') return;
    for (const [name, value] of Object.entries(object.metadata)) {
      const tag = `${name}=${value}`;
      const ids = tags.get(tag);
      if (ids) ids.push(object.id);
      else tags.set(tag, [object.id]);
    }
  };
  const apply = (entry: Entry) => {
    for (const object of entry.put ?? []) remember(object);
    if (entry.key) keys.set(entry.key.key, entry.key);
    if (entry.event) events.set(entry.event.id, entry.event);
    if (entry.sent) events.delete(entry.sent);
  };

  readJournal(path, (entry) => apply(entry as Entry));
  for (const record of keys.values()) if (now() - record.at > KEY_LIFE_MS) keys.delete(record.key);
  const snapshot = function* (): Generator<string> {
    for (const object of byId.values()) yield JSON.stringify({ put: [object] });
    for (const key of keys.values()) yield JSON.stringify({ key });
    for (const event of events.values()) yield JSON.stringify({ event });
  };
  const journal: Journal = openJournal(path, snapshot());
  let unwritten: Entry[] = [];
  const record = (entry: Entry) => {
    apply(entry);
    unwritten.push(entry);
  };

  return {
    get: <T extends Stored>(object: T['object'], id: string) => {
      const found = byId.get(id);
      return found?.object === object ? (found as T) : undefined;
    },
    all: <T extends Stored>(object: T['object']) => (byKind.get(object) ?? []) as T[],
    tagged: (name, value) => tags.get(`${name}=${value}`) ?? [],
    put: (...objects) => record({ put: objects }),
    key: (key) => keys.get(key),
    saveKey: (key) => record({ key }),
    events: () => [...events.values()],
    saveEvent: (event) => record({ event }),
    forgetEvent: (id) => record({ sent: id }),
    counts: () => ({
      ...Object.fromEntries([...byKind].map(([kind, list]) => [kind, list.length])),
      events: events.size,
      keys: keys.size,
    }),
    flush() {
      if (unwritten.length === 0) return;
      const lines = unwritten.map((entry) => JSON.stringify(entry)).join('\n');
      unwritten = [];
      journal.append(lines);
    },
    close: () => journal.close(),
  };
}
