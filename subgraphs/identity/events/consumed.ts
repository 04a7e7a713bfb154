import type { AisleEvent } from '@aisle/platform/bus';
import { z } from '@aisle/platform/config';
import { isRegion } from '@aisle/platform/identity';
import { regionOf } from '@aisle/platform/ids';
import { handleOnce } from '@aisle/platform/inbox';
import type { Platform } from '@aisle/platform/service';
import { decideGrant, decideRevoke } from '../domain/roles.ts';
import { changeRoles } from '../resolvers/change-roles.ts';
import { endSessions } from '../resolvers/session-tokens.ts';
import type { Ports } from '../store/index.ts';

/** What identity needs of the sellers' events; a newer version of them may hold more. */
const sellerFact = z.looseObject({
  sellerId: z.string().startsWith('sel_').max(64),
  ownerId: z.string().startsWith('usr_').max(64),
  region: z.custom(isRegion),
});

type Handler = (event: AisleEvent, ports: Ports, platform: Platform) => Promise<void>;

/** A seller was approved: its owner now manages its goods. The next refresh of their tokens carries the role. */
const sellerApproved: Handler = async (event, ports, platform) => {
  const { sellerId, ownerId } = sellerFact.parse(event.data);
  await once(event, ownerId, platform, async () => {
    const request = { userId: ownerId, role: 'seller' as const, granted: true, by: event.source };
    const decide = (account: Parameters<typeof decideGrant>[0]) =>
      decideGrant(account, { role: 'seller', sellerId });
    const { errors } = await changeRoles(ports.accounts, request, decide, platform.clock.now());
    if (errors.length > 0)
      platform.log.warn('role was not granted', { ownerId, sellerId, code: errors[0]?.code });
  });
};

/** A seller was suspended: its owner stops managing goods at once. */
const sellerSuspended: Handler = async (event, ports, platform) => {
  const { sellerId, ownerId } = sellerFact.parse(event.data);
  await once(event, ownerId, platform, async () => {
    const account = await ports.accounts.find(ownerId);
    if (account?.sellerId !== sellerId) return;
    const request = { userId: ownerId, role: 'seller' as const, granted: false, by: event.source };
    const decide = (current: Parameters<typeof decideRevoke>[0]) =>
      decideRevoke(current, 'seller', event.source);
    const { changed } = await changeRoles(ports.accounts, request, decide, platform.clock.now());
    const { clock, log } = platform;
    if (changed) await endSessions({ ports, clock, log }, ownerId, 'seller suspended');
  });
};

/** Once per event and never an older fact after a newer one, in the owner's region. The change itself can be repeated. */
async function once(
  event: AisleEvent,
  ownerId: string,
  platform: Platform,
  work: () => Promise<void>,
): Promise<void> {
  const region = regionOf(ownerId, 'usr');
  if (region) await handleOnce(platform.databases().of(region), event, work, { latestOnly: true });
}

export const consumed: Readonly<Record<string, Handler>> = {
  'SellerApproved.v1': sellerApproved,
  'SellerSuspended.v1': sellerSuspended,
};
