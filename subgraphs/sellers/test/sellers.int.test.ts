import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../../test/testkit/index.ts';
import {
  APPLY,
  APPROVE,
  approvedSeller,
  asService,
  type Harness,
  person,
  SUSPEND,
  staff,
  startSellers,
  UPDATE,
} from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startSellers();
});
after(() => harness.stop());

const code = (answer: { errors?: readonly { extensions: { code: string } }[] }) =>
  answer.errors?.[0]?.extensions.code;

describe('becoming a seller', () => {
  it('goes from application to approval, and tells the others', async () => {
    const owner = person('usr_eu_000000owner1');
    const applied = await harness.run(
      APPLY,
      { input: { name: 'Green Grocer', contactEmail: 'Hi@Green.example' } },
      owner,
    );
    const { seller } = applied.data.applySeller;
    assert.match(seller.id, /^sel_/);
    assert.deepEqual(
      [seller.status, seller.version, seller.contactEmail],
      ['PENDING', 1, 'hi@green.example'],
    );

    const look = 'query ($id: ID!) { seller(id: $id) { id name feeBps contactEmail } mySeller { id } }';
    const stranger = person('usr_eu_0000stranger');
    assert.equal(
      (await harness.run(look, { id: seller.id }, stranger)).data.seller,
      null,
      'an application is private',
    );
    assert.equal((await harness.run(look, { id: seller.id }, owner)).data.mySeller.id, seller.id);

    const approved = await harness.run(
      APPROVE,
      { input: { sellerId: seller.id, expectedVersion: 1, feeBps: 800 } },
      staff,
    );
    assert.deepEqual(approved.data.approveSeller.errors, []);
    assert.equal(approved.data.approveSeller.seller.feeBps, 800);
    const event = await until(() => harness.bus.published.find(({ subject }) => subject === seller.id));
    assert.equal(event.type, 'SellerApproved.v1');
    assert.deepEqual(event.data, {
      sellerId: seller.id,
      name: 'Green Grocer',
      ownerId: owner.subject,
      region: 'eu',
    });
    assert.equal(event.version, 2);

    const seen = (await harness.run(look, { id: seller.id }, stranger)).data.seller;
    assert.deepEqual(seen, { id: seller.id, name: 'Green Grocer', feeBps: null, contactEmail: null });
    const snapshots = 'query ($ids: [ID!]!) { sellerSnapshots(ids: $ids) { id name feeBps status } }';
    const ids = [seller.id, 'sel_01j0000000000000000000none', seller.id];
    const { data } = await harness.run(snapshots, { ids }, asService('orders'));
    assert.deepEqual(data.sellerSnapshots, [
      { id: seller.id, name: 'Green Grocer', feeBps: 800, status: 'APPROVED' },
    ]);
    assert.equal(code(await harness.run(snapshots, { ids }, staff)), 'FORBIDDEN');
    assert.equal(
      code(await harness.run(snapshots, { ids: Array(201).fill('x') }, asService('orders'))),
      'BAD_USER_INPUT',
    );
  });

  it('happens once per person and once per name', async () => {
    const owner = person('usr_eu_000000owner2');
    const id = await approvedSeller(harness, owner, 'Bakery');
    const again = await harness.run(
      APPLY,
      { input: { name: 'Bakery Two', contactEmail: 'a@b.example' } },
      owner,
    );
    assert.deepEqual(again.data.applySeller.errors[0], {
      __typename: 'AlreadySeller',
      code: 'ALREADY_SELLER',
      path: ['input'],
      sellerId: id,
    });
    const names = ['bakery', ' BAKERY ', 'Ｂakery'];
    for (const name of names) {
      const { data } = await harness.run(
        APPLY,
        { input: { name, contactEmail: 'a@b.example' } },
        person('usr_eu_00000000copy'),
      );
      assert.equal(data.applySeller.errors[0].code, 'SELLER_NAME_TAKEN');
    }
    const racers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        harness.run(
          APPLY,
          { input: { name: 'Race', contactEmail: 'a@b.example' } },
          person(`usr_eu_0000000race${i}`),
        ),
      ),
    );
    assert.equal(racers.filter(({ data }) => data.applySeller.seller).length, 1);
  });

  it('needs a person who is signed in, and sensible input', async () => {
    const good = { name: 'Nobody', contactEmail: 'a@b.example' };
    assert.equal(code(await harness.run(APPLY, { input: good })), 'UNAUTHENTICATED');
    const { sessionId: _, ...program } = person('usr_eu_00000program');
    assert.equal(code(await harness.run(APPLY, { input: good }, program)), 'UNAUTHENTICATED');
    const bad = { name: 'x', description: 'x'.repeat(2_001), contactEmail: 'nonsense' };
    const { data } = await harness.run(APPLY, { input: bad }, person('usr_eu_00000000bad0'));
    assert.deepEqual(
      data.applySeller.errors.map(({ path }: { path: string[] }) => path.at(-1)),
      ['name', 'description', 'contactEmail'],
    );
    // What PostgreSQL cannot store, or a mailbox cannot be called.
    for (const contactEmail of ['a\u0000b@c.example', 'a\u0007@c.example', '\ud800@c.example']) {
      const answer = await harness.run(
        APPLY,
        { input: { ...good, contactEmail } },
        person('usr_eu_00000000bad1'),
      );
      assert.equal(answer.data?.applySeller.errors[0].code, 'INVALID_INPUT');
    }
  });
});

describe('changing a seller', () => {
  it('follows versions: of many at once one wins', async () => {
    const owner = person('usr_eu_000000owner3');
    const sellerId = await approvedSeller(harness, owner, 'Fishmonger');
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        harness.run(UPDATE, { input: { sellerId, expectedVersion: 2, description: `No ${i}` } }, owner),
      ),
    );
    const errors = answers.flatMap(({ data }) => data.updateSeller.errors);
    assert.equal(errors.length, 4);
    assert.ok(
      errors.every(
        (error) => error.code === 'VERSION_CONFLICT' && error.expected === 2 && error.actual === 3,
      ),
    );
  });

  it('cannot take another’s name', async () => {
    const owner = person('usr_eu_000000owner4');
    const sellerId = await approvedSeller(harness, owner, 'Butcher');
    const { data } = await harness.run(
      UPDATE,
      { input: { sellerId, expectedVersion: 2, name: 'FISHMONGER' } },
      owner,
    );
    assert.equal(data.updateSeller.errors[0].code, 'SELLER_NAME_TAKEN');
  });

  it('is for its own people and staff; approval and suspension for staff', async () => {
    const owner = person('usr_eu_000000owner5');
    const sellerId = await approvedSeller(harness, owner, 'Dairy');
    const rival = person('usr_eu_000000rival5', {
      roles: ['customer', 'seller'],
      sellerId: 'sel_01j0000000000000000000other',
    });
    const manager = person('usr_eu_00000manager', { roles: ['customer', 'seller'], sellerId });
    const update = { sellerId, expectedVersion: 2, description: 'Hijacked' };
    assert.equal(
      (await harness.run(UPDATE, { input: update }, rival)).data.updateSeller.errors[0].code,
      'NOT_ALLOWED',
    );
    assert.equal(code(await harness.run(UPDATE, { input: update })), 'UNAUTHENTICATED');
    assert.deepEqual((await harness.run(UPDATE, { input: update }, manager)).data.updateSeller.errors, []);
    for (const who of [owner, manager, rival]) {
      assert.equal(
        code(await harness.run(APPROVE, { input: { sellerId, expectedVersion: 3 } }, who)),
        'FORBIDDEN',
      );
      assert.equal(
        code(await harness.run(SUSPEND, { input: { sellerId, expectedVersion: 3, reason: 'x' } }, who)),
        'FORBIDDEN',
      );
    }
    const unknown = { input: { sellerId: 'sel_01j0000000000000000000none', expectedVersion: 1 } };
    assert.equal((await harness.run(APPROVE, unknown, staff)).data.approveSeller.errors[0].code, 'NOT_FOUND');
    for (const reason of ['', ' ', 'x'.repeat(501), 'a\u0000b', '\udc00']) {
      const answer = await harness.run(SUSPEND, { input: { sellerId, expectedVersion: 3, reason } }, staff);
      assert.equal(answer.data?.suspendSeller.errors[0].code, 'INVALID_INPUT', JSON.stringify(reason));
    }
    const twice = { input: { sellerId, expectedVersion: 3 } };
    assert.equal((await harness.run(APPROVE, twice, staff)).data.approveSeller.errors[0].code, 'NOT_ALLOWED');
  });
});

describe('the list of sellers', () => {
  const LIST = `query ($first: Int!, $after: String, $status: SellerStatus) { sellers(first: $first, after: $after, status: $status) {
    edges { cursor node { name } } nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

  it('pages by name without gaps or repeats', async () => {
    for (let i = 0; i < 5; i++)
      await approvedSeller(harness, person(`usr_eu_0000000page${i}`), `Page ${9 - i}`);
    const names: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 20; page++) {
      const { data } = await harness.run(LIST, { first: 2, after });
      names.push(...data.sellers.edges.map(({ node }: { node: { name: string } }) => node.name));
      assert.deepEqual(
        data.sellers.nodes,
        data.sellers.edges.map(({ node }: { node: unknown }) => node),
      );
      after = data.sellers.pageInfo.endCursor;
      if (!data.sellers.pageInfo.hasNextPage) break;
    }
    assert.ok(names.length >= 5);
    assert.equal(new Set(names).size, names.length);
    const keys = names.map((name) => name.toLowerCase());
    assert.deepEqual(
      keys.filter((name) => name.startsWith('page')),
      ['page 5', 'page 6', 'page 7', 'page 8', 'page 9'],
    );
  });

  it('refuses impossible pages, foreign cursors and a look behind the counter', async () => {
    for (const first of [0, -1, 101])
      assert.equal(code(await harness.run(LIST, { first })), 'BAD_USER_INPUT');
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const wrong = [['a\u0000', 'sel_0000'], ['a', 'sel_\u0000'], ['a', 'b', 'c'], {}];
    for (const after of ['nonsense', '', ...wrong.map(forged)])
      assert.equal(code(await harness.run(LIST, { first: 1, after })), 'BAD_USER_INPUT', after);
    assert.equal(code(await harness.run(LIST, { first: 1, status: 'PENDING' })), 'FORBIDDEN');
    assert.equal((await harness.run(LIST, { first: 1, status: 'PENDING' }, staff)).errors, undefined);
  });
});
