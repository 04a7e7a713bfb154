import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { anonymous } from '@aisle/platform/identity';
import { parseId } from '@aisle/platform/ids';
import { asService, callerOf, type Harness, login, REFRESH, register, startIdentity } from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startIdentity();
});
after(() => harness.stop());

const refresh = async (refreshToken: string) =>
  (await harness.run(REFRESH, { refreshToken })).data.refresh as {
    user: { id: string } | null;
    tokens: { accessToken: string; refreshToken: string } | null;
    errors: { __typename: string; code: string }[];
  };

const LOGOUT = `mutation ($input: LogoutInput) { logout(input: $input) { ended errors { __typename code path } } }`;
const GUEST = `mutation ($region: Region!) { startGuestSession(region: $region) { guestId tokens { accessToken refreshToken } errors { code } } }`;
const SESSIONS = '{ sessions { id current createdAt lastUsedAt expiresAt } }';

describe('refreshing', () => {
  it('gives new tokens of the same session', async () => {
    const person = await register(harness, 'refresh@example.com');
    harness.clock.advance(60_000);
    const { user, tokens, errors } = await refresh(person.refreshToken);
    assert.deepEqual(errors, []);
    assert.equal(user?.id, person.id);
    assert.notEqual(tokens!.refreshToken, person.refreshToken);
    assert.equal(callerOf(tokens!.accessToken).sessionId, person.caller.sessionId);
    assert.deepEqual((await refresh(tokens!.refreshToken)).errors, []);
  });

  it('ends the whole session when a token is used twice, the newest token included', async () => {
    const person = await register(harness, 'stolen@example.com');
    const other = await login(harness, 'stolen@example.com');
    const first = await refresh(person.refreshToken);
    const second = await refresh(first.tokens!.refreshToken);
    const again = await refresh(person.refreshToken);
    assert.deepEqual(
      again.errors.map(({ code }) => code),
      ['REFRESH_TOKEN_REUSED'],
    );
    assert.equal(again.tokens, null);
    assert.equal((await refresh(second.tokens!.refreshToken)).errors[0]?.code, 'REFRESH_TOKEN_INVALID');
    const list = await harness.run('query { revokedSessions }', {}, asService('router'));
    assert.ok(list.data.revokedSessions.includes(person.caller.sessionId), 'the router hears of it');
    const refused = await harness.run(SESSIONS, {}, person.caller);
    assert.equal(refused.errors?.[0].extensions.code, 'UNAUTHENTICATED');
    assert.deepEqual(
      (await refresh(other.refreshToken)).errors,
      [],
      'another session of the person lives on',
    );
  });

  it('lets one of many at once win, and takes even that one away', async () => {
    const person = await register(harness, 'parallel@example.com');
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(person.refreshToken)));
    const won = answers.filter(({ tokens }) => tokens);
    assert.equal(won.length, 1);
    assert.equal((await refresh(won[0]!.tokens!.refreshToken)).errors[0]?.code, 'REFRESH_TOKEN_INVALID');
  });

  it('refuses what is no token of ours, or expired', async () => {
    const person = await register(harness, 'expired@example.com');
    const forged = `rt_eu_${'A'.repeat(43)}`;
    for (const token of [
      '',
      'x',
      forged,
      'rt_xx_abc',
      `${person.refreshToken}x`,
      person.refreshToken.replace('eu', 'us'),
    ])
      assert.deepEqual(
        (await refresh(token)).errors.map(({ code }) => code),
        ['REFRESH_TOKEN_INVALID'],
      );
    harness.clock.advance(31 * 86_400_000);
    assert.equal((await refresh(person.refreshToken)).errors[0]?.code, 'REFRESH_TOKEN_INVALID');
  });
});

describe('sessions', () => {
  it('are listed for their owner, and the current one is marked', async () => {
    const first = await register(harness, 'list@example.com');
    harness.clock.advance(1_000);
    const second = await login(harness, 'list@example.com');
    const { data } = await harness.run(SESSIONS, {}, second.caller);
    assert.deepEqual(
      data.sessions.map(({ id, current }: { id: string; current: boolean }) => [id, current]),
      [
        [second.caller.sessionId, true],
        [first.caller.sessionId, false],
      ],
    );
    const nobody = await harness.run(SESSIONS);
    assert.equal(nobody.errors?.[0].extensions.code, 'UNAUTHENTICATED');
  });

  it('end by logout: this one, a named one, all of them, never a stranger’s', async () => {
    const a = await register(harness, 'logout@example.com');
    const b = await login(harness, 'logout@example.com');
    const c = await login(harness, 'logout@example.com');
    const stranger = await register(harness, 'stranger@example.com');

    const foreign = await harness.run(LOGOUT, { input: { sessionId: a.caller.sessionId } }, stranger.caller);
    assert.equal(foreign.data.logout.errors[0].code, 'NOT_FOUND');
    const named = await harness.run(LOGOUT, { input: { sessionId: b.caller.sessionId } }, a.caller);
    assert.deepEqual(named.data.logout, { ended: [b.caller.sessionId], errors: [] });
    assert.equal((await refresh(b.refreshToken)).errors[0]?.code, 'REFRESH_TOKEN_INVALID');
    const own = await harness.run(LOGOUT, {}, a.caller);
    assert.deepEqual(own.data.logout.ended, [a.caller.sessionId]);
    const d = await login(harness, 'logout@example.com');
    const all = await harness.run(LOGOUT, { input: { everywhere: true } }, c.caller);
    assert.deepEqual(all.data.logout.ended.sort(), [c.caller.sessionId, d.caller.sessionId].sort());
    assert.deepEqual((await refresh(stranger.refreshToken)).errors, []);
  });

  it('end by logout only with sensible input', async () => {
    const person = await register(harness, 'odd-logout@example.com');
    const both = { input: { everywhere: true, sessionId: person.caller.sessionId } };
    assert.equal(
      (await harness.run(LOGOUT, both, person.caller)).data.logout.errors[0].code,
      'INVALID_INPUT',
    );
    const wrong = { input: { sessionId: person.id } };
    assert.equal(
      (await harness.run(LOGOUT, wrong, person.caller)).data.logout.errors[0].code,
      'INVALID_INPUT',
    );
    assert.equal((await harness.run(LOGOUT)).errors?.[0].extensions.code, 'UNAUTHENTICATED');
  });

  it('are swept when they are long over', async () => {
    const person = await register(harness, 'sweep@example.com');
    await harness.run(LOGOUT, {}, person.caller);
    harness.clock.advance(8 * 86_400_000);
    const before = new Date(harness.clock.now() - 7 * 86_400_000);
    assert.ok((await harness.ports.sessions.sweep(before, 1_000)) > 0);
    assert.equal((await refresh(person.refreshToken)).errors[0]?.code, 'REFRESH_TOKEN_INVALID');
  });
});

describe('guests', () => {
  it('get an id of the region, tokens that can be refreshed, and no account', async () => {
    const { data } = await harness.run(GUEST, { region: 'BR' });
    const { guestId, tokens, errors } = data.startGuestSession;
    assert.deepEqual(errors, []);
    assert.equal(parseId(guestId)?.region, 'br');
    const caller = callerOf(tokens.accessToken);
    const { kind, roles, subject, region } = caller;
    assert.deepEqual(
      { kind, roles, subject, region },
      { kind: 'guest', roles: ['guest'], subject: guestId, region: 'br' },
    );
    const next = await refresh(tokens.refreshToken);
    assert.deepEqual(next.errors, []);
    assert.equal(next.user, null);
    assert.equal(callerOf(next.tokens!.accessToken).subject, guestId);
    assert.equal((await harness.run('{ me { id } }', {}, caller)).data.me, null);
    const out = await harness.run(LOGOUT, {}, caller);
    assert.deepEqual(out.data.logout.ended, [caller.sessionId]);
  });

  it('cannot be started in a region that does not exist', async () => {
    const { errors } = await harness.run(
      'mutation { startGuestSession(region: MARS) { guestId } }',
      {},
      anonymous(),
    );
    assert.ok(errors?.length);
  });
});
