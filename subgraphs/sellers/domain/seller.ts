import type { Region } from '@aisle/platform/identity';

export type SellerStatus = 'PENDING' | 'APPROVED' | 'SUSPENDED';

export interface Seller {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: SellerStatus;
  /** `usr_…`: who applied. */
  readonly ownerId: string;
  readonly region: Region;
  readonly contactEmail: string;
  /** Basis points of the net price. */
  readonly feeBps: number;
  readonly suspensionReason: string | null;
  readonly version: number;
  readonly createdAt: Date;
  /** Null until it is approved for the first time. */
  readonly approvedAt: Date | null;
}

/** Who asks, as far as sellers care. */
export interface Viewer {
  readonly kind: 'anonymous' | 'guest' | 'user' | 'service';
  readonly subject: string;
  readonly roles: readonly string[];
  readonly sellerId?: string;
}

export function isStaff(viewer: Viewer): boolean {
  return viewer.kind === 'user' && (viewer.roles.includes('staff') || viewer.roles.includes('admin'));
}

/** The owner, also before the role is in their token, and whoever holds the role SELLER for it. */
export function belongsTo(viewer: Viewer, seller: Pick<Seller, 'id' | 'ownerId'>): boolean {
  if (viewer.kind !== 'user') return false;
  return (
    viewer.subject === seller.ownerId || (viewer.roles.includes('seller') && viewer.sellerId === seller.id)
  );
}

export const mayManage = (viewer: Viewer, seller: Seller): boolean =>
  belongsTo(viewer, seller) || isStaff(viewer);

/** A shop that ever sold stays visible: old orders and products name it. An application is nobody else's business. */
export const mayView = (viewer: Viewer, seller: Seller): boolean =>
  seller.approvedAt !== null || viewer.kind === 'service' || mayManage(viewer, seller);
