import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync } from 'node:zlib';
import type { RunningRouter } from '../index.ts';
import { codeOf, post, testRouter } from './test-router.ts';

let router: RunningRouter;
before(async () => {
  router = await testRouter();
});
after(() => router.stop());

const get = (query: string, headers: Record<string, string> = {}) =>
  fetch(`${router.url}?query=${encodeURIComponent(query)}`, { headers });

describe('operations over HTTP', () => {
  it('joins subgraphs', async () => {
    const { status, body, headers } = await post(router, { query: '{ product(id: "1") { title stock } }' });
    assert.equal(status, 200);
    assert.deepEqual(body, { data: { product: { title: 'Oat milk', stock: 10 } } });
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f]{32}$/);
    assert.equal(headers.get('cache-control'), 'no-store');
  });

  it('keeps a plain request id and replaces a strange one', async () => {
    const id = async (given: string) =>
      (await post(router, { query: '{ __typename }' }, { 'x-request-id': given })).headers.get(
        'x-request-id',
      );
    assert.equal(await id('client-0001'), 'client-0001');
    assert.notEqual(await id('a"b c'), 'a"b c');
  });

  it('names the operation of several', async () => {
    const query = 'query A { a: __typename } query B { b: __typename }';
    assert.deepEqual((await post(router, { query, operationName: 'B' })).body, { data: { b: 'Query' } });
    assert.equal(codeOf(await post(router, { query })), 'OPERATION_RESOLUTION_FAILURE');
    assert.equal(codeOf(await post(router, { query, operationName: 'C' })), 'OPERATION_RESOLUTION_FAILURE');
  });

  it('answers malformed operations with their codes, 400 only for the media type that has them', async () => {
    const modern = { accept: 'application/graphql-response+json' };
    for (const [query, code] of [
      ['{', 'GRAPHQL_PARSE_FAILED'],
      ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
      ['{ product(id: 1.5) { title } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['query ($id: ID!) { product(id: $id) { title } }', 'BAD_USER_INPUT'],
    ] as const) {
      const plain = await post(router, { query });
      assert.equal(codeOf(plain), code);
      assert.equal(plain.status, 200);
      assert.equal((await post(router, { query }, modern)).status, 400);
    }
  });

  it('refuses lists of operations', async () => {
    const answer = await post(router, [{ query: '{ __typename }' }]);
    assert.equal(answer.status, 400);
    assert.equal(codeOf(answer), 'BATCHING_NOT_SUPPORTED');
  });

  it('compresses large answers for those who ask', async () => {
    const { url } = router;
    const body = JSON.stringify({ query: '{ big(bytes: 5000) }' });
    const headers = { 'content-type': 'application/json' };
    const packed = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, 'accept-encoding': 'br' },
    });
    assert.equal(packed.headers.get('content-encoding'), 'br');
    assert.match(packed.headers.get('vary') ?? '', /accept-encoding/);
    assert.ok(Number(packed.headers.get('content-length')) < 500);
    assert.equal(((await packed.json()) as { data: { big: string } }).data.big.length, 5000);
    const plain = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, 'accept-encoding': 'br;q=0' },
    });
    assert.equal(plain.headers.get('content-encoding'), null);
    assert.ok(brotliDecompressSync);
  });
});

describe('GET again', () => {
  it('is answered with 304 when nothing changed', async () => {
    const first = await get('{ product(id: "1") { title } }');
    const etag = first.headers.get('etag') ?? assert.fail('no etag');
    await first.text();
    assert.equal(first.headers.get('cache-control'), 'private, no-cache');
    const status = async (query: string) => {
      const response = await get(query, { 'if-none-match': `"x", ${etag}` });
      await response.text();
      return response.status;
    };
    assert.equal(await status('{ product(id: "1") { title } }'), 304);
    assert.equal(await status('{ product(id: "2") { title } }'), 200);
    assert.equal(await status('{ forbidden }'), 200);
  });

  it('knows a tag that a proxy made strong, and that any will do', async () => {
    const query = '{ product(id: "1") { title } }';
    const etag = (await get(query)).headers.get('etag') ?? assert.fail('no etag');
    const status = async (tags: string) => (await get(query, { 'if-none-match': tags })).status;
    assert.match(etag, /^W\/"/);
    assert.equal(await status(etag.slice(2)), 304);
    assert.equal(await status(`W/"x" ,${etag.slice(2)}`), 304);
    assert.equal(await status('*'), 304);
    assert.equal(await status(etag.slice(3, -1)), 200);
    assert.equal(await status('"*"'), 200);
    assert.equal(await status(''), 200);
  });
});

describe('methods and media types', () => {
  it('refuses what it does not serve', async () => {
    const status = async (method: string, headers: Record<string, string> = {}, body?: string) => {
      const response = await fetch(router.url, { method, headers, ...(body !== undefined && { body }) });
      await response.text();
      return response.status;
    };
    assert.equal(await status('PATCH'), 405);
    const query = '{"query":"{ __typename }"}';
    assert.equal(await status('POST', { 'content-type': 'application/json; charset=latin1' }, query), 415);
    assert.equal(
      await status('POST', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, query),
      415,
    );
    assert.equal(
      await status('POST', { 'content-type': 'application/json', accept: 'image/png' }, query),
      406,
    );
    assert.equal(await status('POST', { 'content-type': 'application/json' }, '{'), 400);
    const nowhere = await fetch(router.url.replace('/graphql', '/nowhere'));
    assert.equal(nowhere.status, 404);
    await nowhere.text();
  });

  it('runs no mutation by GET', async () => {
    const response = await get('mutation { rename(id: "1", title: "x") { title } }');
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'POST');
    await response.text();
  });

  it('refuses file uploads by their type', async () => {
    const form = new FormData();
    form.set('operations', '{}');
    const response = await fetch(router.url, { method: 'POST', body: form });
    assert.equal(response.status, 415);
    assert.match(await response.text(), /UPLOAD_NOT_SUPPORTED/);
  });
});

describe('requests that another site makes a browser send', () => {
  it('refuses every form post', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const headers = { 'content-type': type };
      const response = await fetch(router.url, {
        method: 'POST',
        headers,
        body: '{"query":"{ __typename }"}',
      });
      assert.equal(response.status, 415);
      await response.text();
    }
  });

  it('refuses a GET without a header that needs a preflight', async () => {
    const browser = { 'user-agent': 'Mozilla/5.0' };
    const status = async (headers: Record<string, string>) => {
      const response = await get('{ __typename }', headers);
      await response.text();
      return response.status;
    };
    assert.equal(await status({ origin: 'https://evil.example' }), 400);
    assert.equal(await status({ ...browser, 'sec-fetch-site': 'cross-site' }), 400);
    assert.equal(await status({ ...browser, 'sec-fetch-site': 'same-site' }), 400);
    assert.equal(await status(browser), 400);
    assert.equal(
      await status({ ...browser, 'sec-fetch-site': 'cross-site', 'apollo-require-preflight': '1' }),
      200,
    );
    assert.equal(await status({ ...browser, 'x-aisle-client': 'web' }), 200);
    assert.equal(await status({ ...browser, 'sec-fetch-site': 'same-origin' }), 200);
    assert.equal(await status({}), 200);
  });

  it('lets listed origins read, and no other', async () => {
    const shop = await testRouter({ mode: 'production', corsOrigins: ['https://shop.example'] });
    const ask = async (origin: string, method: string) => {
      const response = await fetch(shop.url, {
        method,
        headers: { origin, 'content-type': 'application/json', 'access-control-request-method': 'POST' },
        ...(method === 'POST' && { body: '{"query":"{ __typename }"}' }),
      });
      await response.text();
      return response.headers.get('access-control-allow-origin');
    };
    try {
      assert.equal(await ask('https://shop.example', 'OPTIONS'), 'https://shop.example');
      assert.equal(await ask('https://shop.example', 'POST'), 'https://shop.example');
      assert.equal(await ask('https://evil.example', 'OPTIONS'), null);
      assert.equal(await ask('http://localhost:3000', 'POST'), null);
      assert.equal(await ask('null', 'POST'), null);
    } finally {
      await shop.stop();
    }
  });
});

describe('errors', () => {
  it('hides what went wrong inside, but for the request id', async () => {
    const host = {
      execute: () => Promise.reject(new Error('secret detail')),
      subscribe: () => Promise.reject(new Error('secret detail')),
    };
    const broken = await testRouter({ hosts: { catalogue: host, inventory: host } });
    try {
      const answer = await post(broken, { query: '{ product(id: "1") { title } }' });
      assert.equal(codeOf(answer), 'SUBGRAPH_UNAVAILABLE');
      assert.doesNotMatch(JSON.stringify(answer.body), /secret/);
    } finally {
      await broken.stop();
    }
  });

  it('passes on the codes of subgraphs', async () => {
    const answer = await post(router, { query: '{ forbidden }' });
    assert.equal(codeOf(answer), 'FORBIDDEN');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body.data, { forbidden: null });
  });

  it('suggests nothing in production, where introspection is off, too', async () => {
    const production = await testRouter({ mode: 'production' });
    try {
      const typo = await post(production, { query: '{ produc(id: "1") { title } }' });
      assert.equal(codeOf(typo), 'GRAPHQL_VALIDATION_FAILED');
      assert.doesNotMatch(JSON.stringify(typo.body), /Did you mean|products/);
      const schema = await post(production, { query: '{ __schema { types { name } } }' });
      assert.equal(schema.status, 400);
      assert.equal(codeOf(schema), 'INTROSPECTION_DISABLED');
      assert.equal((await post(production, { query: '{ __typename }' })).status, 200);
    } finally {
      await production.stop();
    }
    assert.match(
      JSON.stringify((await post(router, { query: '{ produc(id: "1") { title } }' })).body),
      /Did you mean/,
    );
  });
});

describe('time', () => {
  it('ends an operation at the deadline the client asked for', async () => {
    const before = performance.now();
    const answer = await post(router, { query: '{ slow(ms: 1500) }' }, { 'x-aisle-timeout-ms': '100' });
    assert.ok(performance.now() - before < 1000);
    assert.equal(codeOf(answer), 'DEADLINE_EXCEEDED');
  });

  it('answers without a subgraph that does not listen to cancellation', async () => {
    const never = {
      execute: () => new Promise<never>(() => undefined),
      subscribe: () => new Promise<never>(() => undefined),
    };
    const stuck = await testRouter({ hosts: { catalogue: never, inventory: never } });
    try {
      const answer = await post(stuck, { query: '{ fails }' }, { 'x-aisle-timeout-ms': '50' });
      assert.equal(answer.status, 504);
      assert.equal(codeOf(answer), 'DEADLINE_EXCEEDED');
    } finally {
      await stuck.stop();
    }
  });

  it('cancels a query whose client left, and carries a mutation through', async () => {
    const signals: AbortSignal[] = [];
    const slow = {
      execute: ({ context }: { context: { signal: AbortSignal } }) => {
        signals.push(context.signal);
        return new Promise<{ data: { slow: string } }>((resolve) =>
          setTimeout(resolve, 300, { data: { slow: 'x', slowMutation: 'x' } }),
        );
      },
      subscribe: () => Promise.reject(new Error('none')),
    };
    const lonely = await testRouter({ hosts: { catalogue: slow, inventory: slow } });
    const leave = async (query: string) => {
      const abort = new AbortController();
      const before = signals.length;
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      };
      const answer = fetch(lonely.url, { ...init, signal: abort.signal }).catch(() => undefined);
      while (signals.length === before) await new Promise((resolve) => setTimeout(resolve, 2));
      abort.abort();
      await answer;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return signals.at(-1)?.aborted;
    };
    try {
      assert.equal(await leave('{ slow(ms: 1) }'), true);
      assert.equal(await leave('mutation { slowMutation(ms: 1) }'), false);
    } finally {
      await lonely.stop();
    }
  });

  it('never gives more than its own limit', async () => {
    const hasty = await testRouter({ limits: { timeout: 100 } });
    try {
      const answer = await post(hasty, { query: '{ slow(ms: 1500) }' }, { 'x-aisle-timeout-ms': '60000' });
      assert.equal(codeOf(answer), 'DEADLINE_EXCEEDED');
      assert.equal(
        (await post(hasty, { query: '{ __typename }' }, { 'x-aisle-timeout-ms': 'soon' })).status,
        400,
      );
    } finally {
      await hasty.stop();
    }
  });
});

describe('probes', () => {
  it('says how it is, and not ready while it drains', async () => {
    const draining = await testRouter();
    const status = async (path: string) => {
      const response = await fetch(draining.url.replace('/graphql', path));
      await response.text();
      return response.status;
    };
    try {
      assert.deepEqual(
        await Promise.all(['/health', '/health/live', '/health/ready'].map(status)),
        [200, 200, 200],
      );
      await draining.drain();
      assert.deepEqual(
        await Promise.all(['/health', '/health/live', '/health/ready'].map(status)),
        [503, 200, 503],
      );
      assert.equal(codeOf(await post(draining, { query: '{ __typename }' })), 'SHUTTING_DOWN');
    } finally {
      await draining.stop();
    }
  });

  it('counts operations and refusals', async () => {
    await post(router, { query: 'query Counted { __typename }' });
    await post(router, { query: `{ ${'a '.repeat(51)} }` });
    const text = await (await fetch(router.url.replace('/graphql', '/metrics'))).text();
    assert.match(text, /aisle_router_operations_total\{kind="query",operation="Counted",outcome="ok"\} 1/);
    assert.match(text, /aisle_router_refusals_total\{code="LIMIT_REPEATS"\} 1/);
  });
});
