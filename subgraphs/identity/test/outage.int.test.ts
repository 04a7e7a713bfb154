import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Harness, LOGIN, PASSWORD, REGISTER, register, startIdentity } from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startIdentity();
});
after(() => harness.stop());

it('a region that is away is said to be, and the others go on', async () => {
  const person = await register(harness, 'away@example.com', 'br');
  const { Pool } = (await import('pg')).default;
  const connect = Pool.prototype.connect;
  const { of } = harness.subgraph.platform.databases();
  const away = new URL(harness.env.DATABASE_URL_BR!).pathname;
  // The region's connections fail as they do when its server is gone.
  Pool.prototype.connect = function (this: { options: { connectionString?: string } }, ...args: never[]) {
    const here = String(this.options.connectionString).endsWith(away);
    if (!here) return connect.apply(this as never, args as never);
    const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const [callback] = args as unknown as [((error: Error) => void)?];
    if (callback) callback(error);
    else return Promise.reject(error) as never;
  } as never;
  try {
    await assert.rejects(of('br').query('SELECT 1'));
    const login = await harness.run(LOGIN, { input: { email: person.email, password: PASSWORD } });
    assert.equal(login.errors?.[0].extensions.code, 'UNAVAILABLE');
    const me = await harness.run('{ me { id } }', {}, person.caller);
    assert.equal(me.errors?.[0].extensions.code, 'UNAVAILABLE');
    const input = { email: 'new@example.com', password: PASSWORD, name: 'New', region: 'BR' };
    const refused = await harness.run(REGISTER, { input });
    assert.equal(refused.errors?.[0].extensions.code, 'UNAVAILABLE');
    await register(harness, 'elsewhere@example.com', 'gb');
  } finally {
    Pool.prototype.connect = connect;
  }
  harness.clock.advance(61_000);
  assert.ok((await register(harness, 'new@example.com', 'br')).id, 'the reservation does not stay for ever');
  const back = await harness.run(LOGIN, { input: { email: person.email, password: PASSWORD } });
  assert.deepEqual(back.data.login.errors, []);
});
