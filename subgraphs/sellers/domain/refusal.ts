import { refusal, type versionConflict } from '@aisle/platform/errors';

export type VersionConflict = ReturnType<typeof versionConflict>;

const taken = refusal('SellerNameTaken', 'SELLER_NAME_TAKEN');
export const nameTaken = () => taken('Another seller has this name.', 'name');

const already = refusal('AlreadySeller', 'ALREADY_SELLER');
export const alreadySeller = (sellerId: string) => ({ ...already('You own a seller already.'), sellerId });
