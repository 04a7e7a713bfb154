import { invalidInput, notFound, versionConflict } from '@aisle/platform/errors';
import { hasPrefix } from '@aisle/platform/ids';
import {
  type Cart,
  type CartLine,
  type ChangeKind,
  isCheckingOut,
  MAX_LINES,
  MAX_MERGES,
  MAX_QUANTITY,
  owedBy,
  sourceOf,
  type TakenIn,
  without,
} from './cart.ts';
import { cartFull, cartIsEmpty, type Refusal } from './refusal.ts';

export type Command =
  | {
      readonly type: 'add';
      readonly sku: string;
      readonly quantity: number;
      readonly expectedVersion?: number;
    }
  | {
      readonly type: 'set';
      readonly sku: string;
      readonly quantity: number;
      readonly expectedVersion?: number;
    }
  | { readonly type: 'remove'; readonly sku: string; readonly expectedVersion?: number }
  | { readonly type: 'clear'; readonly expectedVersion?: number }
  /** Takes a guest's lines in. */
  | { readonly type: 'takeIn'; readonly guest: Pick<Cart, 'id' | 'version' | 'lines' | 'merged'> }
  /** The guest's side: gives the lines away that were taken in. */
  | { readonly type: 'giveAway'; readonly taken: TakenIn }
  | {
      readonly type: 'freeze';
      readonly orderId: string;
      readonly owner: string;
      readonly expectedVersion?: number;
    }
  | { readonly type: 'release'; readonly orderId: string }
  | { readonly type: 'complete'; readonly orderId: string };

/** The cart after the command, nothing to do, or why not. */
export type Decision =
  | { readonly type: 'changed'; readonly cart: Cart; readonly kind: ChangeKind }
  | { readonly type: 'unchanged'; readonly cart: Cart }
  | { readonly type: 'refused'; readonly refusal: Refusal };

const refused = (refusal: Refusal): Decision => ({ type: 'refused', refusal });
const unchanged = (cart: Cart): Decision => ({ type: 'unchanged', cart });

/** `now` is epoch milliseconds. */
export function decide(command: Command, cart: Cart, now: number): Decision {
  const expected = 'expectedVersion' in command ? command.expectedVersion : undefined;
  if (expected !== undefined && expected !== cart.version && !isRepeated(command, cart))
    return refused(versionConflict(expected, cart.version));
  switch (command.type) {
    case 'add':
      return add(command, cart, now);
    case 'set':
      return set(command, cart, now);
    case 'remove':
      return has(cart, command.sku)
        ? relined(
            cart,
            cart.lines.filter(({ sku }) => sku !== command.sku),
            now,
          )
        : unchanged(cart);
    case 'clear':
      return cart.lines.length > 0 ? relined(cart, [], now) : unchanged(cart);
    case 'takeIn':
      return takeIn(command.guest, cart, now);
    case 'giveAway':
      return giveAway(command.taken, cart, now);
    case 'freeze':
      return freeze(command, cart, now);
    case 'release':
      return cart.checkout?.orderId === command.orderId
        ? touched(cart, { checkout: null }, now, 'CHECKOUT_ENDED')
        : unchanged(cart);
    case 'complete':
      return complete(command.orderId, cart, now);
    default:
      return command satisfies never;
  }
}

const has = (cart: Cart, wanted: string): boolean => cart.lines.some(({ sku }) => sku === wanted);
const isRepeated = (command: Command, { checkout }: Cart): boolean =>
  command.type === 'freeze' && checkout?.orderId === command.orderId;

function touched(cart: Cart, change: Partial<Cart>, now: number, kind: ChangeKind): Decision {
  return { type: 'changed', kind, cart: { ...cart, ...change, revision: cart.revision + 1, updatedAt: now } };
}

/** New lines are a new version, and thaw what an order had frozen. */
function relined(
  cart: Cart,
  lines: readonly CartLine[],
  now: number,
  kind: ChangeKind = 'LINES_CHANGED',
  merged = cart.merged,
): Decision {
  const checkout = cart.checkout && { ...cart.checkout, active: false };
  return touched(cart, { lines, merged, checkout, version: cart.version + 1 }, now, kind);
}

function badQuantity(quantity: number): Refusal | undefined {
  if (Number.isInteger(quantity) && quantity >= 1 && quantity <= MAX_QUANTITY) return undefined;
  return invalidInput(`A quantity is 1 to ${MAX_QUANTITY}.`, 'quantity');
}

function add({ sku, quantity }: { sku: string; quantity: number }, cart: Cart, now: number): Decision {
  if (!hasPrefix(sku, 'sku')) return refused(notFound('There is no such variant.', 'sku'));
  const problem = badQuantity(quantity);
  if (problem) return refused(problem);
  const present = cart.lines.find((line) => line.sku === sku);
  if (!present && cart.lines.length >= MAX_LINES)
    return refused(cartFull(`A cart holds at most ${MAX_LINES} lines.`, 'sku'));
  const total = (present?.quantity ?? 0) + quantity;
  if (total > MAX_QUANTITY)
    return refused(cartFull(`A line holds at most ${MAX_QUANTITY} units.`, 'quantity'));
  return relined(cart, withQuantity(cart.lines, sku, total, now), now);
}

function set({ sku, quantity }: { sku: string; quantity: number }, cart: Cart, now: number): Decision {
  const problem = badQuantity(quantity);
  if (problem) return refused(problem);
  const present = cart.lines.find((line) => line.sku === sku);
  if (!present) return refused(notFound('This is not in the cart.', 'sku'));
  return present.quantity === quantity
    ? unchanged(cart)
    : relined(cart, withQuantity(cart.lines, sku, quantity, now), now);
}

function withQuantity(lines: readonly CartLine[], sku: string, quantity: number, now: number): CartLine[] {
  const present = lines.some((line) => line.sku === sku);
  return present
    ? lines.map((line) => (line.sku === sku ? { ...line, quantity } : line))
    : [...lines, { sku, quantity, addedAt: now }];
}

/** What was taken in before and not given away since is still among the guest's lines: it is not taken in again. */
function takeIn(guest: Pick<Cart, 'id' | 'version' | 'lines' | 'merged'>, cart: Cart, now: number): Decision {
  const source = `${guest.id}@${guest.version}`;
  const owed = owedBy(guest, cart);
  const lines = owed.reduce((left, taken) => without(left, taken.lines), [...guest.lines]);
  if (lines.length === 0 || cart.merged.some((merge) => sourceOf(merge) === source)) return unchanged(cart);
  let merged: CartLine[] = [...cart.lines];
  for (const { sku, quantity } of lines) {
    const before = merged.find((line) => line.sku === sku)?.quantity;
    if (before === undefined && merged.length >= MAX_LINES) continue;
    merged = withQuantity(merged, sku, Math.min(MAX_QUANTITY, (before ?? 0) + quantity), now);
  }
  const taken = { source, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
  // Of what is over only the name is kept: carts are read and written whole.
  const before = cart.merged.map((merge) =>
    typeof merge !== 'string' && merge.source.startsWith(`${guest.id}@`) && !owed.includes(merge)
      ? merge.source
      : merge,
  );
  return relined(cart, merged, now, 'MERGED', [...before, taken].slice(-MAX_MERGES));
}

function giveAway({ source, lines }: TakenIn, cart: Cart, now: number): Decision {
  if (cart.merged.some((merge) => sourceOf(merge) === source)) return unchanged(cart);
  const given = [...cart.merged, source].slice(-MAX_MERGES);
  return relined(cart, without(cart.lines, lines), now, 'MERGED', given);
}

function freeze({ orderId, owner }: { orderId: string; owner: string }, cart: Cart, now: number): Decision {
  if (cart.owner !== owner) return refused(notFound('There is no such cart.', 'cartId'));
  if (cart.checkout?.orderId === orderId) return unchanged(cart);
  if (cart.lines.length === 0) return refused(cartIsEmpty());
  if (isCheckingOut(cart, now))
    return refused(
      versionConflict(cart.version, cart.version, 'Another order is being placed on this cart.'),
    );
  const lines = cart.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return touched(
    cart,
    { checkout: { orderId, version: cart.version, lines, active: true, since: now } },
    now,
    'CHECKOUT_STARTED',
  );
}

/** What was put in after the order took its lines stays. */
function complete(orderId: string, cart: Cart, now: number): Decision {
  const { checkout } = cart;
  if (checkout?.orderId !== orderId) return unchanged(cart);
  const lines = without(cart.lines, checkout.lines);
  return touched(cart, { lines, checkout: null, version: cart.version + 1 }, now, 'COMPLETED');
}
