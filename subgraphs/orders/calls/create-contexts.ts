import type { Clock } from '@aisle/platform/clock';
import { notFound, versionConflict } from '@aisle/platform/errors';
import { regionOf } from '@aisle/platform/ids';
import type { Currency } from '@aisle/platform/money';
import type { Commands } from '@aisle/platform/service';
import { emptyCart, type Refusal, unavailable } from '../domain/refusal.ts';
import { cart, catalogue, identity, inventory, payments, pricing } from '../generated/calls.ts';
import type { Contexts } from './contexts.ts';
import { createFees } from './fees.ts';
import { authorisation, createPerform } from './perform.ts';
import { fromWireRegion, WIRE } from './regions.ts';

/** The other contexts, through typed commands. */
export function createContexts(commands: Commands, clock: Clock): Contexts {
  return {
    perform: createPerform(commands),
    fees: createFees(commands, clock),
    async freezeCart(input, asking) {
      const options = { ...asking, to: 'cart', idempotent: true };
      const { freezeCart } = await commands.send(cart.FreezeCartDocument, { input }, options);
      return freezeCart.cart ?? { refusal: cartRefusal(freezeCart.errors[0]) };
    },
    async releaseCart(input, asking) {
      await commands.send(cart.ReleaseCartDocument, { input }, { ...asking, to: 'cart', idempotent: true });
    },
    async quote(id, asking) {
      if (!regionOf(id, 'quo')) return undefined;
      const options = { ...asking, to: 'pricing', idempotent: true };
      const { quoteSnapshot: quote } = await commands.send(pricing.QuoteSnapshotDocument, { id }, options);
      if (!quote) return undefined;
      const minor = (amount: { minor: number | bigint }) => Number(amount.minor);
      return {
        id: quote.id,
        cartId: quote.subject,
        region: fromWireRegion(quote.region),
        currency: quote.currency as Currency,
        isCurrent: quote.current,
        lines: quote.lines.map((line) => ({
          sku: line.sku,
          quantity: line.quantity,
          unitPrice: minor(line.unitPrice),
          net: minor(line.net),
          tax: minor(line.tax),
          taxBps: line.taxBps,
          gross: minor(line.gross),
        })),
        net: minor(quote.net),
        tax: minor(quote.tax),
        delivery: minor(quote.delivery),
        discount: minor(quote.discount),
        total: minor(quote.total),
      };
    },
    async requote(region, owner, { id, version, lines }, asking) {
      const input = { region: WIRE[region], subject: id, owner, version, lines: [...lines] };
      const options = { ...asking, to: 'pricing', idempotent: true };
      const { createQuote } = await commands.send(pricing.CreateQuoteDocument, { input }, options);
      return createQuote.quote?.id ?? null;
    },
    async address(userId, addressId, asking) {
      if (!regionOf(addressId, 'adr')) return undefined;
      const options = { ...asking, to: 'identity', idempotent: true };
      const variables = { userId, addressId };
      const { addressSnapshot } = await commands.send(identity.AddressSnapshotDocument, variables, options);
      return addressSnapshot ?? undefined;
    },
    async hasMethod(userId, id, asking) {
      const region = regionOf(id, 'pmt');
      if (!region) return false;
      const options = { ...asking, to: 'payments', region, idempotent: true };
      const { hasPaymentMethod } = await commands.send(
        payments.HasPaymentMethodDocument,
        { id, userId },
        options,
      );
      return hasPaymentMethod;
    },
    async variants(skus, asking) {
      const options = { ...asking, to: 'catalogue', idempotent: true };
      const { variantSnapshots } = await commands.send(
        catalogue.VariantSnapshotsDocument,
        { skus: [...skus] },
        options,
      );
      return new Map(
        variantSnapshots.map(({ withdrawn, ...variant }) => [
          variant.sku,
          { ...variant, isWithdrawn: withdrawn },
        ]),
      );
    },
    async short(region, lines, asking) {
      const input = { region: WIRE[region], lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
      const options = { ...asking, to: 'inventory', region, idempotent: true };
      return (await commands.send(inventory.CheckStockDocument, { input }, options)).checkStock;
    },
    async paymentAction(order, paymentMethod, asking) {
      const input = authorisation(order, paymentMethod);
      const options = { ...asking, to: 'payments', region: order.region, idempotent: true };
      const { authorisePayment } = await commands.send(payments.AuthorisePaymentDocument, { input }, options);
      const { payment } = authorisePayment;
      return payment?.status === 'REQUIRES_ACTION' ? (payment.nextAction ?? undefined) : undefined;
    },
  };
}

function cartRefusal(error: cart.FreezeCartMutation['freezeCart']['errors'][number] | undefined): Refusal {
  switch (error?.__typename) {
    case 'EmptyCart':
      return emptyCart();
    case 'NotFound':
      return notFound('There is no such cart.', 'cartId');
    case 'VersionConflict':
      return versionConflict(error.expected, error.actual, 'The cart was changed meanwhile.', 'cartId');
    default:
      return unavailable();
  }
}
