import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Caller } from '@aisle/platform/identity';
import { asService, type Harness, type Person, register, startIdentity } from './harness.ts';

let harness: Harness;
let ada: Person;
let eve: Person;
before(async () => {
  harness = await startIdentity();
  ada = await register(harness, 'ada@example.com');
  eve = await register(harness, 'eve@example.com');
});
after(() => harness.stop());

const FIELDS =
  'address { id name line1 line2 city state postcode country phone isDefault } errors { __typename code path }';
const ADD = `mutation ($input: AddAddressInput!) { addAddress(input: $input) { ${FIELDS} } }`;
const UPDATE = `mutation ($input: UpdateAddressInput!) { updateAddress(input: $input) { ${FIELDS} } }`;
const REMOVE = `mutation ($id: ID!) { removeAddress(id: $id) { ${FIELDS} } }`;
const DEFAULT = `mutation ($id: ID!) { setDefaultAddress(id: $id) { ${FIELDS} } }`;
const ENTITY = `query ($r: [_Any!]!) { _entities(representations: $r) {
  ... on User { id email addresses { id } } ... on Address { id line1 } } }`;

const berlin = {
  name: 'Ada',
  line1: 'Karl-Marx-Allee 1',
  city: 'Berlin',
  postcode: '10178',
  country: 'de',
  phone: '+49 30 123456',
};
const add = async (person: Person, changes: Record<string, unknown> = {}) => {
  harness.clock.advance(1);
  return (await harness.run(ADD, { input: { ...berlin, ...changes } }, person.caller)).data.addAddress;
};
const mine = async (person: Person) =>
  (await harness.run('{ me { addresses { id isDefault } defaultAddress { id } } }', {}, person.caller)).data
    .me;

describe('addresses', () => {
  it('are added, changed and removed, with one default at every moment', async () => {
    const person = await register(harness, 'many@example.com');
    const first = (await add(person)).address;
    assert.deepEqual(
      { country: first.country, phone: first.phone, isDefault: first.isDefault },
      { country: 'DE', phone: '+4930123456', isDefault: true },
    );
    const second = (await add(person, { line1: 'Other Street 2', makeDefault: true })).address;
    const third = (await add(person, { line1: 'Third Street 3' })).address;
    assert.equal((await mine(person)).defaultAddress.id, second.id);
    assert.deepEqual(
      (await mine(person)).addresses.filter((a: { isDefault: boolean }) => a.isDefault).length,
      1,
    );

    const changed = await harness.run(
      UPDATE,
      { input: { id: third.id, line1: 'New Street', phone: '' } },
      person.caller,
    );
    const { line1, phone, city } = changed.data.updateAddress.address;
    assert.deepEqual({ line1, phone, city }, { line1: 'New Street', phone: null, city: 'Berlin' });

    await harness.run(DEFAULT, { id: first.id }, person.caller);
    assert.equal((await mine(person)).defaultAddress.id, first.id);
    await harness.run(REMOVE, { id: first.id }, person.caller);
    assert.equal((await mine(person)).defaultAddress.id, third.id, 'the newest other one takes over');
  });

  it('follow the rules of the country and the region', async () => {
    const bad: [Record<string, unknown>, string][] = [
      [{ postcode: '1017' }, 'input.postcode'],
      [{ country: 'US', state: 'NY', postcode: '10001' }, 'input.country'],
      [{ country: 'XX' }, 'input.country'],
      [{ country: 'constructor' }, 'input.country'],
      [{ name: ' ' }, 'input.name'],
      [{ line1: 'x'.repeat(121) }, 'input.line1'],
      [{ line1: 'a\u0000b' }, 'input.line1'],
      [{ phone: '12345' }, 'input.phone'],
      [{ city: '' }, 'input.city'],
    ];
    for (const [change, path] of bad) {
      const { address, errors } = await add(ada, change);
      assert.equal(address, null);
      assert.ok(
        errors.some((error: { path: string[] }) => error.path.join('.') === path),
        `${JSON.stringify(change)}: ${JSON.stringify(errors)}`,
      );
    }
    assert.deepEqual((await mine(ada)).addresses, []);
  });

  it('are at most twenty, also when added at once', async () => {
    const person = await register(harness, 'hoarder@example.com');
    const answers = await Promise.all(Array.from({ length: 24 }, () => add(person)));
    assert.equal(answers.filter(({ address }) => address).length, 20);
    assert.ok(
      answers.filter(({ address }) => !address).every(({ errors }) => errors[0].code === 'NOT_ALLOWED'),
    );
  });

  it('of another person do not exist', async () => {
    const { id } = (await add(ada)).address;
    const attempts = [
      [UPDATE, { input: { id, line1: 'Mine now' } }, 'updateAddress'],
      [REMOVE, { id }, 'removeAddress'],
      [DEFAULT, { id }, 'setDefaultAddress'],
    ] as const;
    for (const [query, variables, field] of attempts) {
      const { data } = await harness.run(query, variables, eve.caller);
      assert.equal(data[field].errors[0].code, 'NOT_FOUND');
      const unknown = await harness.run(
        query,
        JSON.parse(JSON.stringify(variables).replace(id, 'adr_eu_00000000none')),
        eve.caller,
      );
      assert.deepEqual(unknown, { data }, 'a foreign address looks like none');
      assert.equal((await harness.run(query, variables)).errors?.[0].extensions.code, 'UNAUTHENTICATED');
    }
    assert.equal((await mine(ada)).addresses[0].id, id);
  });

  it('are handed to orders for their owner only, and to no other context or person', async () => {
    const { id } = (await add(ada)).address;
    const query = `query ($userId: ID!, $addressId: ID!) { addressSnapshot(userId: $userId, addressId: $addressId) { id line1 country } }`;
    const ask = (userId: string, caller: Caller) => harness.run(query, { userId, addressId: id }, caller);
    assert.equal((await ask(ada.id, asService('orders'))).data.addressSnapshot.line1, berlin.line1);
    assert.equal((await ask(eve.id, asService('orders'))).data.addressSnapshot, null);
    assert.equal((await ask(ada.id, asService('pricing'))).errors?.[0].extensions.code, 'FORBIDDEN');
    assert.equal((await ask(ada.id, ada.caller)).errors?.[0].extensions.code, 'FORBIDDEN');
  });
});

describe('another person', () => {
  it('is null by reference, whoever exists, and their e-mail appears nowhere', async () => {
    const { id: addressId } = (await add(ada)).address;
    const r = [
      { __typename: 'User', id: ada.id },
      { __typename: 'Address', id: addressId },
      { __typename: 'User', id: 'usr_eu_00000000none' },
    ];
    const staff: Caller = { ...eve.caller, roles: ['customer', 'staff'] };
    const guest: Caller = {
      kind: 'guest',
      subject: 'gst_eu_1',
      roles: ['guest'],
      region: 'eu',
      sessionId: 'ses_eu_1',
    };
    const program: Caller = {
      kind: 'user',
      subject: ada.id,
      roles: ['seller'],
      region: 'eu',
      sellerId: 'sel_1',
    };
    assert.equal((await harness.run('{ me { id } }', {}, program)).data.me, null);
    for (const caller of [eve.caller, guest, program, undefined]) {
      const answer = await harness.run(ENTITY, { r }, caller);
      assert.deepEqual(answer.data._entities, [null, null, null]);
      assert.ok(!JSON.stringify(answer).includes('ada@'));
    }
    const own = await harness.run(ENTITY, { r }, ada.caller);
    assert.equal(own.data._entities[0].email, 'ada@example.com');
    assert.equal(own.data._entities[1].id, addressId);
    const seen = await harness.run(ENTITY, { r }, staff);
    assert.equal(seen.data._entities[0].id, ada.id);
    assert.equal(seen.data._entities[2], null);
  });

  it('is refused by id before it is looked for', async () => {
    const query = 'query ($id: ID!) { user(id: $id) { id email } }';
    const existing = await harness.run(query, { id: ada.id }, eve.caller);
    const unknown = await harness.run(query, { id: 'usr_eu_00000000none' }, eve.caller);
    assert.equal(existing.errors?.[0].extensions.code, 'FORBIDDEN');
    assert.deepEqual(existing, unknown);
    assert.equal((await harness.run(query, { id: ada.id })).errors?.[0].extensions.code, 'UNAUTHENTICATED');
    assert.equal((await harness.run(query, { id: ada.id }, ada.caller)).data.user.email, 'ada@example.com');
    const staff: Caller = { ...eve.caller, roles: ['customer', 'staff'] };
    assert.equal((await harness.run(query, { id: ada.id }, staff)).data.user.id, ada.id);
    assert.equal((await harness.run(query, { id: 'nonsense' }, staff)).data.user, null);
  });
});
