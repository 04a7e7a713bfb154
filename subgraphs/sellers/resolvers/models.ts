/** What resolvers pass around for the schema's types of the same name. */
import type { ApiKey as StoredKey } from '../domain/api-key.ts';
import type { Seller as StoredSeller } from '../domain/seller.ts';

export type Seller = StoredSeller;
export type ApiKey = StoredKey;
