import type { FetchAsk, FetchCache, RequestCache, Send } from '../../engine/fetch-cache.ts';
import type { Obj } from '../../engine/own.ts';
import type { CallResult } from '../../engine/plan/call.ts';
import type { RequestContext } from '../../engine/types.ts';
import type { CacheMetrics } from '../metrics.ts';
import type { CachePolicy } from '../rules/policy.ts';
import type { EffectiveSettings } from '../settings.ts';
import type { GuardedStore } from '../store/guarded-store.ts';
import { type Entry, type Lookup, MOST_TTL } from '../store/port.ts';
import { assemble, type Part } from './assemble.ts';
import { audienceOf } from './audience.ts';
import { type Flights, type Kept, type Landed, landedOrGivenUp } from './flights.ts';
import { restrictedMaxAge } from './header.ts';
import { entryKeys } from './keys.ts';
import type { LabelAnswer } from './label-answer.ts';
import { lostOf } from './lost.ts';

export interface CachedFetchOptions {
  readonly subgraph: string;
  readonly policy: CachePolicy;
  readonly settings: EffectiveSettings;
  /** See `fetchKey`. */
  readonly key: string;
  readonly labelsOf: LabelAnswer;
  readonly store: GuardedStore;
  readonly flights: Flights;
  readonly metrics: CacheMetrics;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** One answer that is not there: an entity, or all root fields. */
interface Missing {
  readonly index: number;
  readonly key: string;
  readonly representation: Obj | undefined;
  /** What may be served when the subgraph cannot be reached. */
  readonly fallback: Part | undefined;
}

/** One call of `answer`. */
interface Turn {
  readonly ask: FetchAsk;
  readonly send: Send;
  readonly keys: readonly string[];
  /** The store's time. */
  readonly began: string;
}

/** Milliseconds that fetching anew what was served stale may take. */
const RENEWAL_MS = 10_000;
/** Fetches of others that one waits for, one after the other. */
const MOST_WAITS = 2;
/** Failures that say something about the one who asked, and nothing about the subgraph. */
const OWN_FAILURES: ReadonlySet<unknown> = new Set(['SUBGRAPH_ABORTED', 'SUBGRAPH_TIMEOUT']);

/** The cache of one fetch of a plan. */
export class CachedFetch implements FetchCache {
  readonly #options: CachedFetchOptions;

  constructor(options: CachedFetchOptions) {
    this.#options = options;
  }

  async answer(ask: FetchAsk, send: Send): Promise<CallResult> {
    const { policy, store, key } = this.#options;
    const { context, variables, representations } = ask;
    const use = context.cache;
    const audience = audienceOf(context.caller, policy.scope);
    if (audience === undefined || use?.write === false) return this.#bypass(ask, send);
    const keys = entryKeys(key, audience, variables, representations);
    const lookup = await store.lookup(use?.read === false ? [] : keys);
    if (!lookup) return this.#bypass(ask, send);
    const turn = { ask, send, keys, began: lookup.now };
    const parts = await this.#parts(turn, lookup);
    if (use) report(use, policy, parts);
    return assemble(parts, representations !== undefined);
  }

  #bypass({ context, representations }: FetchAsk, send: Send): Promise<CallResult> {
    const { metrics, subgraph } = this.#options;
    metrics.asked(subgraph, 'bypassed', representations?.length ?? 1);
    context.cache?.forbid();
    return send(representations, context);
  }

  async #parts(turn: Turn, { found }: Lookup): Promise<Part[]> {
    const { settings, metrics, subgraph, now } = this.#options;
    const { keys, ask } = turn;
    const time = now();
    const parts = new Array<Part>(keys.length);
    const missing: Missing[] = [];
    const stale: Missing[] = [];
    for (const [index, key] of keys.entries()) {
      const entry = found[index];
      const item = { index, key, representation: ask.representations?.[index] };
      if (entry === undefined || entry === 'outdated') {
        missing.push({ ...item, fallback: undefined });
        metrics.asked(subgraph, entry ?? 'miss');
        continue;
      }
      const { json, maxAge } = entry;
      const age = Math.max(0, (time - entry.storedAt) / 1000);
      const part: Part = { kind: 'kept', json, maxAge, age };
      if (age < maxAge) parts[index] = part;
      else if (age < maxAge + settings.staleWhileRevalidate) {
        parts[index] = part;
        stale.push({ ...item, fallback: undefined });
      } else missing.push({ ...item, fallback: age < maxAge + settings.staleIfError ? part : undefined });
    }
    metrics.asked(subgraph, 'stale', stale.length);
    metrics.asked(subgraph, 'hit', keys.length - missing.length - stale.length);
    this.#renew(turn, stale);
    if (missing.length > 0) await this.#fill(turn, parts, missing);
    return parts;
  }

  /** Fetches what is missing, or waits for who does; for what turns out to be for nobody else, not for ever. */
  async #fill(turn: Turn, parts: Part[], missing: readonly Missing[], waits = MOST_WAITS): Promise<void> {
    const { flights, metrics, subgraph } = this.#options;
    const { context } = turn.ask;
    const own: Missing[] = [];
    const joined: { item: Missing; landed: Promise<Landed> }[] = [];
    const mayJoin = waits > 0 && context.cache?.read !== false;
    for (const item of missing) {
      const landed = mayJoin ? flights.find(item.key, turn.began) : undefined;
      if (landed) joined.push({ item, landed });
      else own.push(item);
    }
    const fetching = own.length > 0 ? this.#fetch(turn, own, context) : undefined;
    const again: Missing[] = [];
    for (const { item, landed } of joined) {
      const part = partOf(await landedOrGivenUp(landed, subgraph, context.signal));
      if (!part) again.push(item);
      else parts[item.index] = part.kind === 'failed' ? (item.fallback ?? part) : part;
    }
    metrics.asked(subgraph, 'joined', joined.length - again.length);
    for (const [index, part] of (await fetching) ?? []) parts[index] = part;
    if (again.length > 0) await this.#fill(turn, parts, again, waits - 1);
  }

  /** Fetches stale answers anew; nobody waits for it. */
  #renew(turn: Turn, stale: readonly Missing[]): void {
    const { flights, now } = this.#options;
    const due = stale.filter(({ key }) => flights.hasRoom && !flights.find(key, turn.began));
    if (due.length === 0) return;
    const { cache: _cache, ...context } = turn.ask.context;
    const signal = new AbortController().signal;
    void this.#fetch(turn, due, { ...context, signal, deadline: now() + RENEWAL_MS });
  }

  async #fetch(
    { ask, send, began }: Turn,
    items: readonly Missing[],
    context: RequestContext,
  ): Promise<[number, Part][]> {
    const { flights, metrics, subgraph } = this.#options;
    const representations = ask.representations && items.map(({ representation }) => representation ?? {});
    const sent = send(representations, context);
    const landing = sent
      .then((result) => this.#land(items, began, ask.variables, result))
      // What cannot be written down is not kept.
      .catch((): Landed[] => []);
    for (const [position, { key }] of items.entries())
      flights.start(
        key,
        began,
        landing.then((landed) => landed[position]),
      );
    const [result, landed] = await Promise.all([sent, landing]);
    const isLost = lostOf(result, representations !== undefined);
    return items.map(({ index, fallback }, position) => {
      if (fallback && isLost(position)) {
        metrics.asked(subgraph, 'stale-error');
        return [index, fallback];
      }
      const one = landed[position];
      const kept = one && 'json' in one ? one : undefined;
      return [index, { kind: 'fetched', result, position, asked: items.length, kept }];
    });
  }

  /** Keeps what came, if it may be kept. It is written down before anyone changes it. */
  #land(items: readonly Missing[], began: string, variables: Obj, result: CallResult): Landed[] {
    const { failed, data, errors } = result;
    if (failed) return items.map(() => (OWN_FAILURES.has(failed.extensions.code) ? undefined : { failed }));
    const { policy, settings, store, labelsOf, metrics, subgraph, now } = this.#options;
    const maxAge = result.headers ? restrictedMaxAge(policy, result.headers) : policy.maxAge;
    const answers = items[0]?.representation ? data?._entities : [data];
    if (errors.length > 0 || maxAge <= 0 || !Array.isArray(answers) || answers.length !== items.length)
      return [];
    const stale = Math.max(settings.staleWhileRevalidate, settings.staleIfError);
    const storedAt = now();
    const entries: Entry[] = [];
    const landed = items.map(({ key, representation }, position): Landed => {
      const answer: unknown = answers[position];
      const kept = {
        json: JSON.stringify(answer),
        maxAge: isNothing(answer) ? Math.min(maxAge, settings.negativeMaxAge) : maxAge,
      };
      if (kept.maxAge <= 0 || Buffer.byteLength(kept.json) > settings.maxEntryBytes) return undefined;
      const ttl = Math.min(MOST_TTL, (kept.maxAge + stale) * 1000);
      entries.push({
        ...kept,
        key,
        began,
        storedAt,
        ttl,
        labels: labelsOf(answer, representation, variables),
      });
      return kept;
    });
    store.store(entries);
    metrics.stored(subgraph, entries.length);
    return landed;
  }
}

/** No entity, or root fields that are all null: there may be something soon. */
function isNothing(answer: unknown): boolean {
  return answer === null || Object.values(answer as object).every((value) => value === null);
}

function partOf(landed: Landed): Part | undefined {
  if (!landed) return undefined;
  return 'failed' in landed
    ? { kind: 'failed', cause: landed.failed }
    : { kind: 'kept', json: landed.json, maxAge: landed.maxAge, age: 0 };
}

function report(use: RequestCache, { scope }: CachePolicy, parts: readonly Part[]): void {
  for (const part of parts) {
    const kept: Kept | undefined =
      part.kind === 'fetched' ? part.kept : part.kind === 'kept' ? part : undefined;
    if (kept) use.add({ scope, maxAge: kept.maxAge, age: part.kind === 'kept' ? part.age : 0 });
    else use.forbid();
  }
}
