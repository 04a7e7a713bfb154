import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serverAudits } from 'graphql-http';
import type { RunningRouter } from '../index.ts';
import { testRouter } from './test-router.ts';

describe('GraphQL over HTTP: the audits of graphql-http', () => {
  let router: RunningRouter;
  before(async () => {
    router = await testRouter();
  });
  after(() => router.stop());

  const audits = serverAudits({ url: () => router.url });

  it('are at least sixty', () => assert.ok(audits.length >= 60));

  for (const { id, name, fn } of audits) {
    it(`${id} ${name}`, async () => {
      const result = await fn();
      assert.equal(result.status, 'ok', 'reason' in result ? result.reason : undefined);
    });
  }
});
