/** What resolvers pass around for the schema's types of the same name. */
import type { Cart as StoredCart, CartLine as StoredLine } from '../domain/cart.ts';
import type { Change } from '../store/changes.ts';

export type Cart = StoredCart;
export type CartLine = StoredLine;
export type CartChange = Change;
