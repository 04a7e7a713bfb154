import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IDLE_MS, judgeRefresh, type KnownToken, LONGEST_MS, regionOfRefreshToken } from './session.ts';

const T = Date.parse('2026-01-15T12:00:00Z');

/** A session that began at T and a token that was never used. */
const given = (changes: Partial<KnownToken> = {}): KnownToken => ({
  sessionId: 'ses_eu_1',
  subject: 'usr_eu_1',
  usedAt: null,
  sessionCreatedAt: new Date(T),
  sessionExpiresAt: new Date(T + IDLE_MS),
  sessionEndedAt: null,
  ...changes,
});

describe('a refresh token', () => {
  it('unused, of a live session: then it is exchanged and the session goes on', () => {
    const now = T + 1_000;
    assert.deepEqual(judgeRefresh(given(), now), { kind: 'rotate', expiresAt: new Date(now + IDLE_MS) });
  });
  it('at the end of the longest session: then the session does not go beyond it', () => {
    const now = T + LONGEST_MS - 1_000;
    const token = given({ sessionExpiresAt: new Date(T + LONGEST_MS) });
    assert.deepEqual(judgeRefresh(token, now), { kind: 'rotate', expiresAt: new Date(T + LONGEST_MS) });
  });
  it('used before: then it is theft', () => {
    assert.equal(judgeRefresh(given({ usedAt: new Date(T) }), T + 1).kind, 'reused');
  });
  it('unknown, expired, or of an ended session: then it is worth nothing', () => {
    assert.equal(judgeRefresh(undefined, T).kind, 'invalid');
    assert.equal(judgeRefresh(given(), T + IDLE_MS).kind, 'invalid');
    assert.equal(
      judgeRefresh(given({ sessionEndedAt: new Date(T), usedAt: new Date(T) }), T + 1).kind,
      'invalid',
    );
  });
});

it('tells its region and is otherwise opaque', () => {
  assert.equal(regionOfRefreshToken(`rt_br_${'a'.repeat(43)}`), 'br');
  for (const token of [
    '',
    'rt_eu_',
    `rt_xx_${'a'.repeat(43)}`,
    `rt_eu_${'a'.repeat(44)}`,
    `rt_eu_${'%'.repeat(43)}`,
  ])
    assert.equal(regionOfRefreshToken(token), undefined);
});
