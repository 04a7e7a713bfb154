import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunningRouter } from '../server/index.ts';
import { testRouter } from '../server/test/test-router.ts';

describe('the explorer', () => {
  let router: RunningRouter;
  const login = { label: 'Ann', query: 'mutation { login }', token: 'login' };
  const sample = { title: 'Shelf', query: '{ products { title } }' };
  before(async () => {
    router = await testRouter({ demoLogins: async () => [login], samples: [sample] });
  });
  after(() => router.stop());
  const get = async (path: string, accept = 'text/html,*/*;q=0.8', from = router) => {
    const response = await fetch(new URL(path, from.url), { headers: { accept } });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it('is what a browser gets at / and /graphql', async () => {
    for (const path of ['/', '/graphql']) {
      const { status, headers, text } = await get(path);
      assert.equal(status, 200);
      assert.match(headers.get('content-type') ?? '', /^text\/html/);
      assert.match(text, /<title>Aisle/);
    }
  });

  it('loads nothing from elsewhere, and says so to the browser', async () => {
    const { headers, text } = await get('/');
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    const parts = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] as string);
    assert.ok(parts.length >= 2);
    const sources = await Promise.all(
      [...parts, '/explorer/editor.js', '/explorer/schema.js'].map((path) => get(path, '*/*')),
    );
    for (const source of [...sources, { status: 200, text }]) {
      assert.equal(source.status, 200);
      assert.doesNotMatch(source.text, /https?:\/\/(?!www\.w3\.org)/);
      assert.doesNotMatch(source.text, /style="|\son\w+="/);
    }
  });

  it('serves no file beside its own', async () => {
    for (const path of [
      '/explorer/../index.ts',
      '/explorer/%2e%2e/index.ts',
      '/explorer/none.js',
      '/explorer/',
    ]) {
      assert.equal((await get(path)).status, 404);
    }
  });

  it('hands out logins and examples, and formats operations', async () => {
    assert.deepEqual(JSON.parse((await get('/explorer/settings.json')).text), {
      logins: [login],
      samples: [sample],
    });
    assert.equal((await get('/explorer/format?text={a{b}}')).text, '{\n  a {\n    b\n  }\n}');
    assert.equal((await get('/explorer/format?text={')).status, 422);
  });

  it('leaves API clients alone', async () => {
    assert.equal((await get('/graphql', 'application/json')).status, 400);
    assert.match((await get('/graphql?query={__typename}')).text, /"__typename":"Query"/);
  });

  it('is not there in production', async () => {
    const production = await testRouter({ mode: 'production' });
    try {
      assert.equal((await get('/', undefined, production)).status, 404);
      assert.equal((await get('/explorer/app.js', undefined, production)).status, 404);
      assert.equal((await get('/graphql', undefined, production)).status, 400);
    } finally {
      await production.stop();
    }
  });
});
