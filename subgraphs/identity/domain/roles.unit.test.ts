import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideGrant, decideRevoke } from './roles.ts';
import type { AccountRole } from './user.ts';

const SELLER = 'sel_01j00000000000000000000001';
const given = (roles: AccountRole[] = ['customer'], sellerId: string | null = null) => ({
  id: 'usr_eu_1',
  roles,
  sellerId,
});

describe('granting', () => {
  it('adds a role in the usual order', () => {
    const decision = decideGrant(given(['customer', 'admin']), { role: 'staff' });
    assert.deepEqual(decision, {
      kind: 'decided',
      changed: true,
      roles: ['customer', 'staff', 'admin'],
      sellerId: null,
    });
  });
  it('changes nothing the second time', () => {
    const decision = decideGrant(given(['customer', 'seller'], SELLER), { role: 'seller', sellerId: SELLER });
    assert.equal(decision.kind === 'decided' && decision.changed, false);
  });
  it('never moves a person from one seller to another', () => {
    const other = 'sel_01j00000000000000000000002';
    assert.equal(
      decideGrant(given(['customer', 'seller'], SELLER), { role: 'seller', sellerId: other }).kind,
      'refused',
    );
  });
});

describe('revoking', () => {
  it('takes the seller with the role', () => {
    const decision = decideRevoke(given(['customer', 'seller'], SELLER), 'seller', 'usr_us_9');
    assert.deepEqual(decision, { kind: 'decided', changed: true, roles: ['customer'], sellerId: null });
  });
  it('leaves customers customers, and admins their own role', () => {
    assert.equal(decideRevoke(given(), 'customer', 'usr_us_9').kind, 'refused');
    assert.equal(decideRevoke(given(['customer', 'admin']), 'admin', 'usr_eu_1').kind, 'refused');
    assert.equal(decideRevoke(given(['customer', 'admin']), 'admin', 'usr_us_9').kind, 'decided');
  });
});
