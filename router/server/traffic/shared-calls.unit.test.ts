import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anonymous, type Caller } from '@aisle/platform/identity';
import { parse } from 'graphql';
import type { RequestContext, SubgraphRequest, SubgraphResponse } from '../../engine/index.ts';
import { headersOf, noteHeaders, TransportError } from '../../transports/index.ts';
import { shareCalls } from './shared-calls.ts';

const query = 'query($id: ID!) { product(id: $id) { name } }';
const document = parse(query);
const ada: Caller = { ...anonymous(), subject: 'usr_eu_ada' } as Caller;

interface Ask {
  readonly id?: string;
  readonly kind?: SubgraphRequest['kind'];
  readonly context?: Partial<RequestContext>;
}

const request = ({ id = '1', kind = 'query', context }: Ask = {}): SubgraphRequest => ({
  kind,
  query,
  document,
  variables: { id },
  context: {
    caller: anonymous(),
    requestId: 'r',
    deadline: 10_000,
    signal: new AbortController().signal,
    ...context,
  },
});

/** A subgraph whose calls wait until they are answered. */
function setUp(settings = { enabled: true }) {
  const calls: { request: SubgraphRequest; answer: PromiseWithResolvers<SubgraphResponse> }[] = [];
  let joined = 0;
  const { execute } = shareCalls(
    {
      execute(asked) {
        const answer = Promise.withResolvers<SubgraphResponse>();
        calls.push({ request: asked, answer });
        return answer.promise;
      },
      subscribe: () => Promise.reject(new Error('not asked')),
      close: async () => {},
    },
    { name: 'a', enabled: () => settings.enabled, epoch: { current: 0 }, onJoined: () => joined++ },
  );
  return { execute, calls, joined: () => joined, settings };
}

describe('equal calls in flight', () => {
  it('are one, and everyone gets an answer of their own', async () => {
    const { execute, calls, joined } = setUp();
    const answers = Array.from({ length: 100 }, () => execute(request()));
    const answer: SubgraphResponse = { data: { product: { name: 'Milk' } } };
    noteHeaders(answer, { cacheControl: 'max-age=5' });
    calls[0]?.answer.resolve(answer);
    const all = await Promise.all(answers);
    assert.deepEqual([calls.length, joined()], [1, 99]);
    for (const one of all) assert.deepEqual(one, answer);
    assert.equal(new Set(all.map(({ data }) => data?.product)).size, 100);
    assert.equal(headersOf(all[50] as object)?.cacheControl, 'max-age=5');
  });

  it('are one for two operations, after which a plan names its fetches', async () => {
    const { execute, calls } = setUp();
    for (const operationName of ['Page__a__0', 'Cart__a__1']) {
      const named = query.replace('query', `query ${operationName}`);
      void execute({ ...request(), query: named, document: parse(named), operationName });
    }
    assert.equal(calls.length, 1);
  });

  it('are two when they say something else, or for somebody else', async () => {
    const { execute, calls } = setUp();
    void execute(request());
    void execute(request({ id: '2' }));
    void execute(request({ context: { caller: ada } }));
    assert.equal(calls.length, 3);
  });

  it('are asked again once they are answered', async () => {
    const { execute, calls } = setUp();
    const first = execute(request());
    calls[0]?.answer.resolve({ data: {} });
    await first;
    void execute(request());
    assert.equal(calls.length, 2);
  });

  it('fail together', async () => {
    const { execute, calls } = setUp();
    const answers = [execute(request()), execute(request())];
    calls[0]?.answer.reject(new TransportError('SUBGRAPH_UNREACHABLE', 'a', 'gone'));
    for (const answer of answers) await assert.rejects(answer, { code: 'SUBGRAPH_UNREACHABLE' });
  });

  it('are never shared when they are mutations, nor across one', async () => {
    const { execute, calls } = setUp();
    void execute(request());
    const mutations = [execute(request({ kind: 'mutation' })), execute(request({ kind: 'mutation' }))];
    assert.equal(calls.length, 3);
    calls[1]?.answer.resolve({ data: {} });
    await mutations[0];
    void execute(request());
    assert.equal(calls.length, 4, 'what was asked before the mutation may not know of it');
  });

  it('are not shared where that is switched off', () => {
    const { execute, calls, settings } = setUp();
    settings.enabled = false;
    void execute(request());
    void execute(request());
    assert.equal(calls.length, 2);
  });

  it('are not shared with one that has to be answered much earlier', () => {
    const { execute, calls } = setUp();
    void execute(request({ context: { deadline: 10_000 } }));
    void execute(request({ context: { deadline: 11_000 } }));
    void execute(request({ context: { deadline: 11_001 } }));
    assert.equal(calls.length, 2);
  });
});

describe('someone who leaves', () => {
  it('leaves alone when another made the call', async () => {
    const { execute, calls } = setUp();
    const leaving = new AbortController();
    const stays = execute(request());
    const leaves = execute(request({ context: { signal: leaving.signal } }));
    leaving.abort();
    await assert.rejects(leaves, { code: 'SUBGRAPH_ABORTED' });
    calls[0]?.answer.resolve({ data: {} });
    assert.deepEqual(await stays, { data: {} });
  });

  it('who made the call takes it along, and the others make one together', async () => {
    const { execute, calls } = setUp();
    const leaving = new AbortController();
    const leaves = execute(request({ context: { signal: leaving.signal } }));
    const stay = [execute(request()), execute(request()), execute(request())];
    leaving.abort();
    calls[0]?.answer.reject(new TransportError('SUBGRAPH_ABORTED', 'a', 'cancelled'));
    await assert.rejects(leaves, { code: 'SUBGRAPH_ABORTED' });
    calls[1]?.answer.resolve({ data: { product: null } });
    for (const answer of stay) assert.deepEqual(await answer, { data: { product: null } });
    assert.equal(calls.length, 2);
  });
});
