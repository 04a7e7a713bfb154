import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEvent } from '@aisle/platform/bus';
import type { Caller } from '@aisle/platform/identity';
import { until } from '../../../test/testkit/index.ts';
import { type Harness, login, type Person, register, registerAdmin, startIdentity } from './harness.ts';

let harness: Harness;
let admin: Person;
before(async () => {
  harness = await startIdentity();
  admin = await registerAdmin(harness, 'admin@example.com');
});
after(() => harness.stop());

const GRANT = `mutation ($input: GrantRoleInput!) { grantRole(input: $input) { user { id roles sellerId } errors { __typename code path } } }`;
const REVOKE = `mutation ($input: RevokeRoleInput!) { revokeRole(input: $input) { user { id roles sellerId } errors { __typename code path } } }`;
const code = (answer: { errors?: readonly { extensions: { code: string } }[] }) =>
  answer.errors?.[0]?.extensions.code;

describe('roles', () => {
  it('are given and taken by an admin, and each change is kept', async () => {
    const person = await register(harness, 'worker@example.com');
    const given = await harness.run(GRANT, { input: { userId: person.id, role: 'STAFF' } }, admin.caller);
    assert.deepEqual(given.data.grantRole.user.roles, ['CUSTOMER', 'STAFF']);
    assert.ok((await login(harness, person.email)).caller.roles.includes('staff'));
    const taken = await harness.run(REVOKE, { input: { userId: person.id, role: 'STAFF' } }, admin.caller);
    assert.deepEqual(taken.data.revokeRole.user.roles, ['CUSTOMER']);
    const { platform } = harness.subgraph;
    const changes = await platform
      .databases()
      .of('eu')
      .query('SELECT role, granted, changed_by FROM role_changes WHERE user_id = $1 ORDER BY id', [
        person.id,
      ]);
    assert.deepEqual(changes, [
      { role: 'staff', granted: true, changed_by: admin.id },
      { role: 'staff', granted: false, changed_by: admin.id },
    ]);
  });

  it('end the sessions of whoever loses one', async () => {
    const person = await register(harness, 'loser@example.com');
    await harness.run(GRANT, { input: { userId: person.id, role: 'STAFF' } }, admin.caller);
    const staff = await login(harness, person.email);
    await harness.run(REVOKE, { input: { userId: person.id, role: 'STAFF' } }, admin.caller);
    assert.equal(code(await harness.run('{ sessions { id } }', {}, staff.caller)), 'UNAUTHENTICATED');
  });

  it('do not outlive being taken away while their holder is signing in', async () => {
    const person = await register(harness, 'midway@example.com');
    await harness.run(GRANT, { input: { userId: person.id, role: 'STAFF' } }, admin.caller);
    const passwords = harness.ports.passwords as { verify: typeof harness.ports.passwords.verify };
    const { verify } = passwords;
    passwords.verify = async (...args) => {
      const matches = await verify(...args);
      await harness.run(REVOKE, { input: { userId: person.id, role: 'STAFF' } }, admin.caller);
      return matches;
    };
    try {
      assert.deepEqual((await login(harness, person.email)).caller.roles, ['customer']);
    } finally {
      passwords.verify = verify;
    }
  });

  it('cannot be taken by anybody for themself', async () => {
    const person = await register(harness, 'climber@example.com');
    const input = { userId: person.id, role: 'ADMIN' };
    assert.equal(code(await harness.run(GRANT, { input })), 'UNAUTHENTICATED');
    assert.equal(code(await harness.run(GRANT, { input }, person.caller)), 'FORBIDDEN');
    const staff: Caller = { ...person.caller, roles: ['customer', 'staff'] };
    assert.equal(code(await harness.run(GRANT, { input }, staff)), 'FORBIDDEN');
    // A token that claims what the record does not say (an old token of a former admin).
    const former: Caller = { ...person.caller, roles: ['customer', 'admin'] };
    assert.equal(code(await harness.run(GRANT, { input }, former)), 'FORBIDDEN');
    const program: Caller = { kind: 'user', subject: admin.id, roles: ['admin'], region: 'us' };
    assert.equal(
      code(await harness.run(GRANT, { input }, program)),
      'UNAUTHENTICATED',
      'an API key is not a person',
    );
    assert.deepEqual((await harness.ports.accounts.find(person.id))?.roles, ['customer']);
  });

  it('refuse what makes no sense', async () => {
    const person = await register(harness, 'nonsense@example.com');
    const { id: userId } = person;
    const grants: [Record<string, unknown>, string][] = [
      [{ userId, role: 'SELLER' }, 'INVALID_INPUT'],
      [{ userId, role: 'SELLER', sellerId: 'usr_eu_1' }, 'INVALID_INPUT'],
      [{ userId, role: 'STAFF', sellerId: 'sel_01j00000000000000000000000' }, 'INVALID_INPUT'],
      [{ userId: 'usr_eu_00000000none', role: 'STAFF' }, 'NOT_FOUND'],
      [{ userId: "x' OR 1=1", role: 'STAFF' }, 'NOT_FOUND'],
    ];
    for (const [input, expected] of grants) {
      const { data } = await harness.run(GRANT, { input }, admin.caller);
      assert.equal(data.grantRole.errors[0].code, expected, JSON.stringify(input));
    }
    const revoke = async (input: Record<string, unknown>) =>
      (await harness.run(REVOKE, { input }, admin.caller)).data.revokeRole.errors[0]?.code;
    assert.equal(await revoke({ userId, role: 'CUSTOMER' }), 'INVALID_INPUT');
    assert.equal(await revoke({ userId: admin.id, role: 'ADMIN' }), 'NOT_ALLOWED');
    assert.equal(
      await revoke({ userId, role: 'STAFF' }),
      undefined,
      'taking what is not there changes nothing',
    );
  });
});

describe('sellers', () => {
  const fact = (type: string, ownerId: string, version: number, sellerId: string) =>
    createEvent(
      {
        type,
        producer: 'sellers',
        subject: sellerId,
        version,
        data: { sellerId, name: 'Shop', ownerId, region: 'eu' },
      },
      harness.clock.now(),
    );

  it('get their role when approved and lose it when suspended, once per fact and in order', async () => {
    const person = await register(harness, 'owner@example.com');
    const sellerId = 'sel_01j00000000000000000000001';
    const rolesNow = async () => (await harness.ports.accounts.find(person.id))?.roles;
    const approved = fact('SellerApproved.v1', person.id, 2, sellerId);
    await harness.bus.publish('others', [approved]);
    await until(async () => (await rolesNow())?.includes('seller'));
    const owner = await login(harness, person.email);
    assert.equal(owner.caller.sellerId, sellerId);

    await harness.bus.publish('others', [fact('SellerSuspended.v1', person.id, 3, sellerId)]);
    // The sessions end after the role does: the fact is handled when both have.
    await harness.bus.idle();
    assert.deepEqual(await rolesNow(), ['customer']);
    assert.equal(code(await harness.run('{ sessions { id } }', {}, owner.caller)), 'UNAUTHENTICATED');

    await harness.bus.publish('others', [approved, fact('SellerApproved.v1', person.id, 2, sellerId)]);
    await harness.bus.idle();
    assert.deepEqual(await rolesNow(), ['customer'], 'neither a repeated nor an older fact brings it back');
  });

  it('send a malformed fact to the dead letters', async () => {
    const broken = createEvent(
      { type: 'SellerApproved.v1', producer: 'sellers', subject: 'sel_x', version: 1, data: { sellerId: 7 } },
      harness.clock.now(),
    );
    await harness.bus.publish('others', [broken]);
    await harness.bus.idle();
    assert.ok(harness.bus.deadLetters.get('identity')?.some(({ id }) => id === broken.id));
  });
});
