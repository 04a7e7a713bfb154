import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { AuthError, createAuthenticator } from './index.ts';

const pair = await generateKeyPair('EdDSA', { extractable: true });
const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', use: 'sig', alg: 'EdDSA' };
const NOW = 1_800_000_000;
const clock = { now: () => NOW * 1000 };
const good = {
  kind: 'user',
  roles: ['customer'],
  region: 'eu',
  sid: 'ses_1',
  iss: 'aisle',
  aud: 'aisle',
  sub: 'usr_eu_1',
  iat: NOW,
  exp: NOW + 600,
};
const HEADER = { alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' };

const sign = (
  claims: object = {},
  header: object = {},
  key: Parameters<SignJWT['sign']>[0] = pair.privateKey,
) =>
  new SignJWT({ ...good, ...claims } as never)
    .setProtectedHeader({ ...HEADER, ...header } as never)
    .sign(key);
const raw = (header: object, claims: object, signature = '') =>
  `${[header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.${signature}`;

const authenticate = createAuthenticator({ jwks: { keys: async () => ({ keys: [jwk] }) }, clock });
const bearer = async (token: string) => authenticate({ authorization: `Bearer ${token}` });
const refused = (status: number) => (error: unknown) => error instanceof AuthError && error.status === status;

describe('who is asking', () => {
  it('takes a good token at its word', async () => {
    assert.deepEqual(await bearer(await sign({ seller: 'sel_1' })), {
      kind: 'user',
      subject: 'usr_eu_1',
      roles: ['customer'],
      region: 'eu',
      sellerId: 'sel_1',
      sessionId: 'ses_1',
      expiresAt: NOW + 600,
    });
  });

  it('takes a token of an issuer that knows nothing of Aisle, and its scopes', async () => {
    const foreign = { kind: undefined, roles: undefined, region: undefined, sid: undefined };
    const caller = { kind: 'user', subject: 'usr_eu_1', roles: [], region: 'us', expiresAt: NOW + 600 };
    assert.deepEqual(await bearer(await sign(foreign)), caller);
    for (const scope of ['books:read  books:write books:read', ['books:read', 'books:write']])
      assert.deepEqual(await bearer(await sign({ ...foreign, scope })), {
        ...caller,
        scopes: ['books:read', 'books:write'],
      });
    assert.deepEqual((await bearer(await sign({ ...foreign, scope: 'a role:admin' }))).scopes, ['a']);
    assert.deepEqual((await bearer(await sign({ ...foreign, scope: '' }))).scopes, []);
  });

  it('knows visitors by the region they ask for, at once', () => {
    assert.deepEqual(authenticate({}), { kind: 'anonymous', subject: '', roles: [], region: 'us' });
    assert.deepEqual(authenticate({ region: 'BR' }), {
      kind: 'anonymous',
      subject: '',
      roles: [],
      region: 'br',
    });
    assert.throws(() => authenticate({ region: 'xx' }), refused(400));
  });

  it('forgives 30 seconds after expiry and no more', async () => {
    await bearer(await sign({ exp: NOW - 29 }));
    await assert.rejects(bearer(await sign({ exp: NOW - 31 })), refused(401));
  });

  const attacks: Record<string, () => Promise<string> | string> = {
    'alg none': () => raw({ ...HEADER, alg: 'none' }, good),
    'alg None with any signature': () => raw({ ...HEADER, alg: 'None' }, good, 'AAAA'),
    'the public key as an HMAC secret': () => {
      const token = raw({ ...HEADER, alg: 'HS256' }, good).slice(0, -1);
      return `${token}.${createHmac('sha256', JSON.stringify(jwk)).update(token).digest('base64url')}`;
    },
    'a key id that is not ours': () => sign({}, { kid: 'k2' }),
    'no key id': () => sign({}, { kid: undefined }),
    'a path as key id': () => sign({}, { kid: '../../dev/null' }),
    jku: () => sign({}, { jku: 'https://evil.example/jwks' }),
    x5u: () => sign({}, { x5u: 'https://evil.example/cert' }),
    'its own key in the header': () => sign({}, { jwk }),
    'another key of the same id': async () => sign({}, {}, (await generateKeyPair('EdDSA')).privateKey),
    'an EC key of another algorithm': () =>
      sign({}, { alg: 'ES256' }, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    'another type': () => sign({}, { typ: 'JWT' }),
    'another issuer': () => sign({ iss: 'evil' }),
    'another audience': () => sign({ aud: 'other' }),
    'scopes that are none': () => sign({ scope: 7 }),
    'no expiry': () => sign({ exp: undefined }),
    'a beginning in the future': () => sign({ nbf: NOW + 3600 }),
    'no subject': () => sign({ sub: undefined }),
    'issue in the future': () => sign({ iat: NOW + 3600 }),
    'the role service': () => sign({ roles: ['service'] }),
    'the kind service': () => sign({ kind: 'service' }),
    'a role that does not exist': () => sign({ roles: ['root'] }),
    'a changed payload': async () => {
      const [header, , signature] = (await sign()).split('.');
      return `${header}.${Buffer.from(JSON.stringify({ ...good, roles: ['admin'] })).toString('base64url')}.${signature}`;
    },
    'no token at all': () => 'x',
    'a very long token': () => 'a'.repeat(10_000),
  };
  for (const [name, forge] of Object.entries(attacks)) {
    it(`refuses a token with ${name}`, async () => assert.rejects(bearer(await forge()), refused(401)));
  }

  it('refuses other schemes, and two credentials at once', () => {
    assert.throws(() => authenticate({ authorization: 'Basic abc' }), refused(401));
    assert.throws(() => authenticate({ authorization: '' }), refused(401));
    assert.throws(() => authenticate({ authorization: 'Bearer a', apiKey: 'b' }), refused(401));
  });

  it('refuses the tokens of an ended session, also one verified before', async () => {
    const ended = new Set<string>();
    const check = createAuthenticator({
      jwks: { keys: async () => ({ keys: [jwk] }) },
      clock,
      isSessionRevoked: (sid) => ended.has(sid),
    });
    const authorization = `Bearer ${await sign()}`;
    await check({ authorization });
    ended.add('ses_1');
    await assert.rejects(async () => check({ authorization }), refused(401));
  });

  it('says 503, not 401, when the keys cannot be had', async () => {
    const check = createAuthenticator({ jwks: { keys: () => Promise.reject(new Error('down')) }, clock });
    await assert.rejects(async () => check({ authorization: `Bearer ${await sign()}` }), refused(503));
  });

  it('fetches new keys once for an unknown key id, and not again for the next forged ones', async () => {
    let fetches = 0;
    let time = NOW * 1000;
    const keys = async () => ({ keys: fetches++ === 0 ? [] : [jwk] });
    const check = createAuthenticator({ jwks: { keys }, clock: { now: () => time } });
    await assert.rejects(async () => check({ authorization: `Bearer ${await sign()}` }), refused(401));
    time += 20_000;
    await check({ authorization: `Bearer ${await sign()}` });
    for (let i = 0; i < 20; i++)
      await assert.rejects(
        async () => check({ authorization: `Bearer ${await sign({}, { kid: `no${i}` })}` }),
        refused(401),
      );
    assert.equal(fetches, 2);
  });
});

describe('API keys', () => {
  it('asks once for a key that many requests bring, and remembers the answer', async () => {
    let asked = 0;
    const caller = {
      kind: 'user',
      subject: 'usr_us_1',
      roles: ['seller'],
      region: 'us',
      sellerId: 'sel_1',
    } as const;
    const check = createAuthenticator({
      clock,
      resolveApiKey: async (key) => {
        asked++;
        return key === 'ak_12345678' ? caller : undefined;
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => check({ apiKey: 'ak_12345678' })),
    );
    assert.ok(answers.every((answer) => answer === caller));
    assert.equal(await check({ authorization: 'ApiKey ak_12345678' }), caller);
    assert.equal(asked, 1);
    await assert.rejects(async () => check({ apiKey: 'ak_unknown1' }), refused(401));
    await assert.rejects(async () => check({ apiKey: 'ak_unknown1' }), refused(401));
    assert.equal(asked, 2);
  });
});
