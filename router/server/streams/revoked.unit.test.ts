import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Caller } from '@aisle/platform/identity';
import type { RouterOptions } from '../index.ts';
import { testRouter } from '../test/test-router.ts';

const SELLER: Caller = {
  kind: 'user',
  subject: 'key_1',
  roles: ['seller'],
  scopes: ['STOCK_READ'],
  region: 'eu',
};
const KEY = { 'x-api-key': 'key-12345678' };

/** Follows ticks until the router ends them, after `change` was called at the third; gives what came last. */
async function endOf(options: Partial<RouterOptions>, change: () => void): Promise<string> {
  const router = await testRouter(options);
  try {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...KEY },
      body: JSON.stringify({ query: 'subscription { ticks(to: 100000, everyMs: 5) { n } }' }),
      signal: AbortSignal.timeout(5_000),
    });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"n":3')) change();
    }
    assert.match(text, /event: complete\ndata:\n\n$/);
    return text.split('\n\n').at(-3) as string;
  } finally {
    await router.stop();
  }
}

describe('a subscription of somebody who may not have it any more', () => {
  it('ends before the next event when their session has ended', async () => {
    let ended = false;
    const last = await endOf(
      {
        resolveApiKey: async () => ({ ...SELLER, sessionId: 'ses_1' }),
        isSessionRevoked: (sessionId) => sessionId === 'ses_1' && ended,
      },
      () => {
        ended = true;
      },
    );
    assert.match(last, /The session has ended.*UNAUTHENTICATED/);
  });

  const changes: readonly [string, Caller | undefined][] = [
    ['their API key is revoked', undefined],
    ['a scope of their API key is taken away', { ...SELLER, scopes: [] }],
    ['a role of theirs is taken away', { ...SELLER, roles: [] }],
  ];
  for (const [what, after] of changes) {
    it(`ends when ${what}`, async () => {
      let now: Caller | undefined = SELLER;
      let ahead = 0;
      // What is known of a key is remembered for some seconds.
      const clock = { now: () => Date.now() + ahead };
      const last = await endOf({ clock, resolveApiKey: async () => now }, () => {
        now = after;
        ahead = 10_000;
      });
      assert.match(last, /UNAUTHENTICATED/);
    });
  }

  it('goes on when nobody can tell, and does not wait for them at each event', async () => {
    let away = false;
    let ahead = 0;
    let asked = 0;
    const router = await testRouter({
      clock: { now: () => Date.now() + ahead },
      resolveApiKey: async () => {
        asked++;
        if (away) throw new Error('away');
        return SELLER;
      },
    });
    try {
      const query = 'subscription { ticks(to: 5, everyMs: 5) { n } }';
      const response = await fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...KEY },
        body: JSON.stringify({ query }),
      });
      away = true;
      ahead = 10_000;
      assert.equal((await response.text()).match(/event: next/g)?.length, 5);
      assert.equal(asked, 2);
    } finally {
      await router.stop();
    }
  });
});
