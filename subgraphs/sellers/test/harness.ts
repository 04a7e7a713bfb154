import { type Caller, service } from '@aisle/platform/identity';
import { type Component, startComponent } from '../../../test/testkit/subgraph.ts';
import sellers from '../index.ts';
import type { Ports } from '../store/index.ts';

export type Harness = Component<Ports>;

/** The sellers context on real stores of its own, called as the router calls it. */
export const startSellers = (): Promise<Harness> => startComponent(sellers);

/** A signed-in person of the region in their id. */
export const person = (id: string, changes: Partial<Caller> = {}): Caller => ({
  kind: 'user',
  subject: id,
  roles: ['customer'],
  region: 'eu',
  sessionId: `ses_eu_${id.slice(-6)}`,
  ...changes,
});

export const staff = person('usr_eu_00000000staff', { roles: ['customer', 'staff'] });
export const asService = (name: string): Caller => service(name);

const PROFILE =
  'seller { id name status version feeBps contactEmail } errors { __typename code path ... on VersionConflict { expected actual } ... on AlreadySeller { sellerId } }';
export const APPLY = `mutation ($input: ApplySellerInput!) { applySeller(input: $input) { ${PROFILE} } }`;
export const UPDATE = `mutation ($input: UpdateSellerInput!) { updateSeller(input: $input) { ${PROFILE} } }`;
export const APPROVE = `mutation ($input: ApproveSellerInput!) { approveSeller(input: $input) { ${PROFILE} } }`;
export const SUSPEND = `mutation ($input: SuspendSellerInput!) { suspendSeller(input: $input) { ${PROFILE} } }`;

/** Applies as a person and approves as staff. @returns the seller's id */
export async function approvedSeller(harness: Harness, owner: Caller, name: string): Promise<string> {
  const input = { name, contactEmail: 'shop@example.com' };
  const { data } = await harness.run(APPLY, { input }, owner);
  const { id } = data.applySeller.seller;
  await harness.run(APPROVE, { input: { sellerId: id, expectedVersion: 1 } }, staff);
  return id;
}
