import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anonymous, type Envelope, EnvelopeError, openEnvelope, sealEnvelope } from './index.ts';

const NOW = 1_800_000_000_000;
const key = 'k'.repeat(32);
const body = '{"query":"{ me { id } }"}';
const envelope: Envelope = {
  caller: anonymous('eu'),
  issuer: 'router',
  audience: 'orders',
  requestId: 'req_1',
  issuedAt: NOW,
  deadline: NOW + 5_000,
};
const open = (sealed: string | undefined, change: Partial<Parameters<typeof openEnvelope>[1]> = {}) =>
  openEnvelope(sealed, { key, audience: 'orders', body, now: NOW, ...change });
const refusedAs = (problem: string) => (error: unknown) =>
  error instanceof EnvelopeError && error.problem === problem;

test('what was sealed is opened', () => {
  assert.deepEqual(open(sealEnvelope(envelope, body, key)), envelope);
});

test('nothing else is', () => {
  const sealed = sealEnvelope(envelope, body, key);
  const [payload, signature] = sealed.split('.') as [string, string];
  const admin = Buffer.from(
    JSON.stringify({ ...envelope, caller: { ...envelope.caller, roles: ['admin'] } }),
  ).toString('base64url');
  assert.throws(() => open(undefined), refusedAs('missing'));
  assert.throws(() => open('nonsense'), refusedAs('malformed'));
  assert.throws(() => open(`${sealed}.more`), refusedAs('malformed'));
  assert.throws(() => open(`${admin}.${signature}`), refusedAs('forged'));
  assert.throws(() => open(`${payload}.`), refusedAs('malformed'));
  assert.throws(() => open(sealEnvelope(envelope, body, 'other-key')), refusedAs('forged'));
  assert.throws(() => open(sealed, { audience: 'payments' }), refusedAs('wrong-audience'));
  assert.throws(() => open(sealed, { body: `${body} ` }), refusedAs('other-body'));
  assert.throws(() => open(sealed, { now: NOW + 60_000 }), refusedAs('expired'));
  assert.throws(() => open(sealed, { now: NOW - 60_000 }), refusedAs('expired'));
});
