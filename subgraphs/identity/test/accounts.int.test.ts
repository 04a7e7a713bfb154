import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { until } from '../../../test/testkit/index.ts';
import { callerOf, type Harness, LOGIN, PASSWORD, REGISTER, register, startIdentity } from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startIdentity({ IDENTITY_LOGIN_TRIES: '3', IDENTITY_LOGIN_TRIES_PER_ACCOUNT: '6' });
});
after(() => harness.stop());

const input = (changes: Record<string, unknown> = {}) => ({
  input: { email: 'Ada@Example.com ', password: PASSWORD, name: 'Ada', region: 'EU', ...changes },
});

describe('registering', () => {
  it('makes a customer in the region, signs in, and tells the others', async () => {
    const { data, errors } = await harness.run(REGISTER, input());
    assert.equal(errors, undefined);
    const { user, tokens, errors: refusals } = data.register;
    assert.deepEqual(refusals, []);
    assert.match(user.id, /^usr_eu_/);
    const { email, region, roles } = user;
    assert.deepEqual(
      { email, region, roles },
      { email: 'ada@example.com', region: 'EU', roles: ['CUSTOMER'] },
    );
    assert.match(tokens.refreshToken, /^rt_eu_/);
    const event = await until(() => harness.bus.published.find(({ subject }) => subject === user.id));
    assert.equal(event.type, 'UserRegistered.v1');
    assert.deepEqual(event.data, { userId: user.id, region: 'eu', roles: ['customer'] });
    assert.ok(!JSON.stringify(event).includes('ada@'), 'no personal data on the bus');
  });

  it('signs tokens that the published keys verify', async () => {
    const person = await register(harness, 'jwt@example.com', 'gb');
    const keys = createLocalJWKSet(harness.ports.accessTokens.jwks() as never);
    const { payload, protectedHeader } = await jwtVerify(person.accessToken, keys, {
      issuer: 'aisle',
      audience: 'aisle',
      typ: 'at+jwt',
      algorithms: ['EdDSA'],
      currentDate: new Date(harness.clock.now()),
    });
    assert.ok(protectedHeader.kid);
    const { sub, kind, roles, region, sid, exp, iat } = payload;
    assert.deepEqual(
      { sub, kind, roles, region },
      { sub: person.id, kind: 'user', roles: ['customer'], region: 'gb' },
    );
    assert.match(String(sid), /^ses_gb_/);
    assert.equal(exp! - iat!, 900);
    assert.ok(
      !JSON.stringify(harness.ports.accessTokens.jwks()).includes('"d"'),
      'the private part stays here',
    );
  });

  it('refuses an e-mail that has an account, in any spelling and any region', async () => {
    await register(harness, 'taken@example.com', 'eu');
    for (const change of [{ email: 'TAKEN@example.com', region: 'US' }, { email: ' taken@EXAMPLE.com' }]) {
      const { data } = await harness.run(REGISTER, input(change));
      assert.equal(data.register.user, null);
      assert.equal(data.register.tokens, null);
      assert.deepEqual(data.register.errors[0].code, 'EMAIL_TAKEN');
    }
  });

  it('lets one of many at once have the e-mail', async () => {
    const regions = ['US', 'EU', 'GB', 'IN', 'BR', 'EU'];
    const answers = await Promise.all(
      regions.map((region) => harness.run(REGISTER, input({ email: 'race@example.com', region }))),
    );
    const outcomes = answers.map(({ data }) => data.register.errors[0]?.code ?? 'made').sort();
    assert.deepEqual(outcomes, [...Array(5).fill('EMAIL_TAKEN'), 'made']);
  });

  it('takes over a reservation whose registration died, but never an account', async () => {
    const hash = harness.ports.emailHash('died@example.com');
    const { global } = harness.subgraph.platform.databases();
    await global.query('INSERT INTO email_directory VALUES ($1, $2, false, $3)', [
      hash,
      'usr_eu_00000000dead',
      new Date(harness.clock.now()),
    ]);
    const early = await harness.run(REGISTER, input({ email: 'died@example.com' }));
    assert.equal(early.data.register.errors[0].code, 'EMAIL_TAKEN');
    harness.clock.advance(61_000);
    const late = await harness.run(REGISTER, input({ email: 'died@example.com' }));
    assert.deepEqual(late.data.register.errors, []);

    const whole = await register(harness, 'unconfirmed@example.com');
    await global.query('UPDATE email_directory SET confirmed = false WHERE user_id = $1', [whole.id]);
    harness.clock.advance(61_000);
    const second = await harness.run(REGISTER, input({ email: 'unconfirmed@example.com' }));
    assert.equal(second.data.register.errors[0].code, 'EMAIL_TAKEN');
  });

  it('reports every problem of the input, and keeps nothing', async () => {
    const { data } = await harness.run(
      REGISTER,
      input({ email: 'not an address', password: 'short', name: '  ' }),
    );
    const paths = data.register.errors.map((error: { path: string[] }) => error.path.join('.'));
    assert.deepEqual(paths, ['input.email', 'input.name', 'input.password']);
    assert.ok(
      data.register.errors.every((error: { __typename: string }) => error.__typename === 'InvalidInput'),
    );
    for (const password of ['password123', 'aaaaaaaaaaaa', 'x'.repeat(129), 'ada@example.com'])
      assert.equal(
        (await harness.run(REGISTER, input({ password }))).data.register.errors[0].code,
        'INVALID_INPUT',
      );
  });

  it('keeps neither e-mail outside the region nor any password', async () => {
    const person = await register(harness, 'private@example.com', 'in');
    const databases = harness.subgraph.platform.databases();
    const directory = JSON.stringify(
      await databases.global.query('SELECT email_hash::text, user_id FROM email_directory'),
    );
    assert.ok(directory.includes(person.id) && !directory.includes('private'));
    for (const region of ['us', 'eu', 'gb', 'br'] as const)
      assert.deepEqual(
        await databases.of(region).query('SELECT id FROM users WHERE id = $1', [person.id]),
        [],
      );
    const [row] = await databases
      .of('in')
      .query<{ password_hash: string }>('SELECT * FROM users WHERE id = $1', [person.id]);
    assert.match(row!.password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const tokens = await databases.of('in').query<{ hash: Buffer }>('SELECT hash FROM refresh_tokens');
    assert.ok(tokens.every(({ hash }) => hash.length === 32));
  });
});

describe('signing in', () => {
  const attempt = (email: string, password: string, address?: string) =>
    harness.run(LOGIN, { input: { email, password } }, undefined, address);

  it('takes the right password, in any spelling of the e-mail', async () => {
    const person = await register(harness, 'login@example.com');
    const { data } = await attempt(' LOGIN@Example.COM', PASSWORD);
    assert.deepEqual(data.login.errors, []);
    assert.equal(data.login.user.id, person.id);
    assert.notEqual(callerOf(data.login.tokens.accessToken).sessionId, person.caller.sessionId);
  });

  it('answers the same to a wrong password and to an unknown account', async () => {
    await register(harness, 'same@example.com');
    const wrong = await attempt('same@example.com', 'wrong password');
    const unknown = await attempt('nobody@example.com', 'wrong password');
    const nonsense = await attempt('no address', '');
    assert.equal(wrong.data.login.errors[0].code, 'INVALID_CREDENTIALS');
    assert.deepEqual(wrong, unknown);
    assert.deepEqual(wrong, nonsense);
  });

  it('makes guessing wait, per account and address, known or not', async () => {
    await register(harness, 'guessed@example.com');
    for (const email of ['guessed@example.com', 'ghost@example.com']) {
      for (let i = 0; i < 3; i++)
        assert.equal(
          (await attempt(email, 'wrong password')).data.login.errors[0].code,
          'INVALID_CREDENTIALS',
        );
      const [error] = (await attempt(email, PASSWORD)).data.login.errors;
      assert.equal(error.__typename, 'TooManyAttempts');
      assert.ok(error.retryAfterSeconds > 0 && error.retryAfterSeconds <= 900);
    }
    const elsewhere = await attempt('guessed@example.com', PASSWORD, '198.51.100.7');
    assert.deepEqual(elsewhere.data.login.errors, [], 'the owner is not locked out by a guesser elsewhere');
  });

  it('limits guessing from many addresses', async () => {
    await register(harness, 'spread@example.com');
    const codes: string[] = [];
    for (let i = 0; i < 8; i++)
      codes.push(
        (await attempt('spread@example.com', 'wrong password', `203.0.113.${i}`)).data.login.errors[0].code,
      );
    assert.deepEqual(codes.slice(0, 6), Array(6).fill('INVALID_CREDENTIALS'));
    assert.deepEqual(codes.slice(6), Array(2).fill('TOO_MANY_ATTEMPTS'));
  });
});
