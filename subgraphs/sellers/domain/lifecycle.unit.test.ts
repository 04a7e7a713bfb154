import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { approve, suspend } from './lifecycle.ts';
import { mayManage, mayView, type Seller, type Viewer } from './seller.ts';

const NOW = new Date('2026-01-15T12:00:00Z');
const given = (changes: Partial<Seller> = {}): Seller => ({
  id: 'sel_1',
  name: 'Shop',
  description: '',
  status: 'PENDING',
  ownerId: 'usr_eu_1',
  region: 'eu',
  contactEmail: 'shop@example.com',
  feeBps: 1_200,
  suspensionReason: null,
  version: 3,
  createdAt: NOW,
  approvedAt: null,
  ...changes,
});

describe('approving', () => {
  it('an applicant: then it sells, on the given terms', () => {
    const decision = approve(given(), { expectedVersion: 3, feeBps: 900 }, NOW);
    assert.deepEqual(decision, {
      kind: 'changed',
      seller: given({ status: 'APPROVED', feeBps: 900, approvedAt: NOW, version: 4 }),
    });
  });
  it('a suspended one: then the reason is gone', () => {
    const decision = approve(
      given({ status: 'SUSPENDED', suspensionReason: 'Late' }),
      { expectedVersion: 3 },
      NOW,
    );
    assert.equal(decision.kind === 'changed' && decision.seller.suspensionReason, null);
  });
  it('from an old version, twice, or for an impossible fee: then nothing', () => {
    const refusal = (seller: Seller, expectedVersion: number, feeBps?: number) => {
      const decision = approve(seller, { expectedVersion, ...(feeBps !== undefined && { feeBps }) }, NOW);
      return decision.kind === 'refused' && decision.error.code;
    };
    assert.equal(refusal(given(), 2), 'VERSION_CONFLICT');
    assert.equal(refusal(given({ status: 'APPROVED' }), 3), 'NOT_ALLOWED');
    assert.equal(refusal(given(), 3, -1), 'INVALID_INPUT');
    assert.equal(refusal(given(), 3, 5_001), 'INVALID_INPUT');
  });
});

describe('suspending', () => {
  it('needs a reason and somebody who is not suspended yet', () => {
    const code = (seller: Seller, reason: string, expectedVersion = 3) => {
      const decision = suspend(seller, { expectedVersion, reason });
      return decision.kind === 'refused' ? decision.error.code : decision.seller.status;
    };
    assert.equal(code(given({ status: 'APPROVED' }), ' Late deliveries '), 'SUSPENDED');
    assert.equal(code(given(), 'No papers'), 'SUSPENDED');
    assert.equal(code(given(), '   '), 'INVALID_INPUT');
    assert.equal(code(given(), 'x'.repeat(501)), 'INVALID_INPUT');
    assert.equal(code(given({ status: 'SUSPENDED' }), 'Again'), 'NOT_ALLOWED');
    assert.equal(code(given(), 'Old', 2), 'VERSION_CONFLICT');
  });
});

describe('who sees and changes a seller', () => {
  const viewer = (changes: Partial<Viewer>): Viewer => ({
    kind: 'user',
    subject: 'usr_eu_9',
    roles: ['customer'],
    ...changes,
  });
  const owner = viewer({ subject: 'usr_eu_1' });
  const manager = viewer({ roles: ['seller'], sellerId: 'sel_1' });
  const staff = viewer({ roles: ['staff'] });
  const rival = viewer({ roles: ['seller'], sellerId: 'sel_2' });
  const claims = viewer({ roles: ['customer'], sellerId: 'sel_1' });
  const guest: Viewer = { kind: 'guest', subject: 'usr_eu_1', roles: ['staff'] };

  it('its own people and staff manage it', () => {
    for (const who of [owner, manager, staff]) assert.ok(mayManage(who, given()));
    for (const who of [rival, claims, guest]) assert.ok(!mayManage(who, given()));
  });
  it('others see it once it has ever been approved', () => {
    assert.ok(!mayView(rival, given()));
    assert.ok(mayView(guest, given({ status: 'SUSPENDED', approvedAt: NOW })));
  });
});
