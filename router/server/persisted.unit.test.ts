import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createPersisted } from './persisted.ts';
import { codeOf, post, testRouter } from './test/test-router.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const query = '{ product(id: "1") { title } }';
const by = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe('automatic persisted queries', () => {
  it('asks for the text once, then knows the hash', async () => {
    const router = await testRouter();
    try {
      assert.equal(codeOf(await post(router, by(sha256(query)))), 'PERSISTED_QUERY_NOT_FOUND');
      assert.equal((await post(router, { query, ...by(sha256(query)) })).status, 200);
      assert.deepEqual((await post(router, by(sha256(query)))).body, {
        data: { product: { title: 'Oat milk' } },
      });
      const search = new URLSearchParams({ extensions: JSON.stringify(by(sha256(query)).extensions) });
      assert.deepEqual(await (await fetch(`${router.url}?${search}`)).json(), {
        data: { product: { title: 'Oat milk' } },
      });
    } finally {
      await router.stop();
    }
  });

  it('cannot be made to keep another text under a hash, nor one that does not run', async () => {
    const router = await testRouter();
    try {
      const wrong = await post(router, { query: '{ __typename }', ...by(sha256(query)) });
      assert.equal(wrong.status, 400);
      assert.equal(codeOf(wrong), 'PERSISTED_QUERY_HASH_MISMATCH');
      const invalid = '{ nothing }';
      await post(router, { query: invalid, ...by(sha256(invalid)) });
      assert.equal(codeOf(await post(router, by(sha256(invalid)))), 'PERSISTED_QUERY_NOT_FOUND');
      assert.equal((await post(router, by('../../etc/passwd'))).status, 400);
    } finally {
      await router.stop();
    }
  });

  it('keeps a bounded number, the used ones longest', () => {
    const persisted = createPersisted({ most: 2 });
    const params = (text: string | undefined, hash: string) => ({
      query: text,
      operationName: undefined,
      variables: undefined,
      ...by(hash),
    });
    const known = (text: string) => typeof persisted.documentOf(params(undefined, sha256(text))) === 'string';
    persisted.keep(params('{ a }', sha256('{ a }')));
    persisted.keep(params('{ b }', sha256('{ b }')));
    assert.ok(known('{ a }'));
    persisted.keep(params('{ c }', sha256('{ c }')));
    assert.deepEqual(['{ a }', '{ b }', '{ c }'].map(known), [true, false, true]);
  });
});

describe('registered operations', () => {
  it('run by id; with `only`, nothing else does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aisle-operations-'));
    const file = join(folder, 'operations.json');
    const operations = [{ id: sha256(query), name: 'Product', type: 'query', body: query }];
    await writeFile(
      file,
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
    );
    const open = await testRouter({ registeredOperations: { file } });
    const closed = await testRouter({ registeredOperations: { file, only: true } });
    try {
      for (const router of [open, closed]) {
        assert.equal((await post(router, by(sha256(query)))).body.data.product.title, 'Oat milk');
        assert.equal((await post(router, { query })).body.data.product.title, 'Oat milk');
      }
      assert.equal((await post(open, { query: '{ __typename }' })).status, 200);
      const refused = await post(closed, { query: '{ __typename }' });
      assert.equal(refused.status, 400);
      assert.equal(codeOf(refused), 'OPERATION_NOT_REGISTERED');
      const swapped = await post(closed, { query: '{ __typename }', ...by(sha256(query)) });
      assert.equal(codeOf(swapped), 'OPERATION_NOT_REGISTERED');
      await assert.rejects(testRouter({ registeredOperations: { file: `${file}.none` } }), /cannot be read/);
    } finally {
      await Promise.all([open.stop(), closed.stop()]);
      await rm(folder, { recursive: true });
    }
  });
});
