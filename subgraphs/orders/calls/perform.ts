import { CommandError, type Commands, type TypedDocument } from '@aisle/platform/service';
import type { OrderAnswer, OrderCommand, SagaOrder } from '../domain/saga/types.ts';
import { cart, inventory, payments, pricing } from '../generated/calls.ts';
import type { Asking } from './contexts.ts';
import { WIRE } from './regions.ts';

const DONE: OrderAnswer = { kind: 'done' };

interface Refused {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
}

/** Carries out the saga's commands. An answer that settles nothing is thrown, so that the saga asks again. */
export function createPerform(
  commands: Commands,
): (command: OrderCommand, asking: Asking) => Promise<OrderAnswer> {
  return async (command, asking) => {
    const { order } = command;
    const region = WIRE[order.region];
    const input = { orderId: order.id, region };
    const ask = <Result, Variables extends Record<string, unknown>>(
      to: string,
      document: TypedDocument<Result, Variables>,
      variables: Variables,
    ) => commands.send(document, variables, { ...asking, to, region: order.region, idempotent: true });

    switch (command.name) {
      case 'lockQuote': {
        const { lockQuote } = await ask('pricing', pricing.LockQuoteDocument, {
          input: { quoteId: order.quoteId, orderId: order.id },
        });
        if (lockQuote.quote) {
          // The order was split and shown at this total; anything else must not be charged.
          const isSame = Number(lockQuote.quote.total.minor) === order.total;
          return isSame ? DONE : { kind: 'price-changed', quoteId: lockQuote.quote.id };
        }
        const error = first('pricing', command.name, lockQuote.errors);
        return {
          kind: 'price-changed',
          quoteId: error.__typename === 'QuoteOutdated' ? error.newQuoteId : null,
        };
      }
      case 'reserveStock': {
        const { ttlSeconds } = command;
        const { reserveStock } = await ask('inventory', inventory.ReserveStockDocument, {
          input: { ...input, ttlSeconds, lines: [...order.lines] },
        });
        if (reserveStock.reservation) return DONE;
        return short(order, command.name, first('inventory', command.name, reserveStock.errors));
      }
      case 'authorisePayment': {
        const { authorisePayment } = await ask('payments', payments.AuthorisePaymentDocument, {
          input: authorisation(order, command.paymentMethod),
        });
        const { payment } = authorisePayment;
        if (payment) return paid(payment.status, payment.failure);
        const error = first('payments', command.name, authorisePayment.errors);
        return { kind: 'declined', declineCode: error.code.toLowerCase(), message: error.message };
      }
      case 'capturePayment': {
        const { capturePayment } = await ask('payments', payments.CapturePaymentDocument, { input });
        const [error] = capturePayment.errors;
        if (!error && capturePayment.payment?.status === 'CAPTURED') return DONE;
        if (!error || error.__typename === 'Unavailable') throw unsettled('payments', command.name, error);
        const declineCode =
          error.__typename === 'CaptureRefused' ? error.declineCode : error.code.toLowerCase();
        return { kind: 'declined', declineCode, message: error.message };
      }
      case 'confirmStock': {
        const { confirmStock } = await ask('inventory', inventory.ConfirmStockDocument, {
          input: { ...input, lines: [...order.lines] },
        });
        if (confirmStock.confirmed) return DONE;
        return short(order, command.name, first('inventory', command.name, confirmStock.errors));
      }
      case 'completeCart':
        await ask('cart', cart.CompleteCartDocument, { input: { cartId: order.cartId, orderId: order.id } });
        return DONE;
      case 'releaseCart':
        await ask('cart', cart.ReleaseCartDocument, { input: { cartId: order.cartId, orderId: order.id } });
        return DONE;
      case 'voidPayment': {
        const { voidPayment } = await ask('payments', payments.VoidPaymentDocument, { input });
        const [error] = voidPayment.errors;
        // An order whose payment never arrived has nothing to give back.
        if (error && error.__typename !== 'NotFound') throw unsettled('payments', command.name, error);
        const status = voidPayment.payment?.status ?? 'VOIDED';
        if (status === 'VOIDED' || status === 'REFUNDED' || status === 'DECLINED') return DONE;
        throw unsettled('payments', command.name, { message: `the payment is still ${status}` });
      }
      case 'releaseStock': {
        const { releaseStock } = await ask('inventory', inventory.ReleaseStockDocument, { input });
        if (releaseStock.released) return DONE;
        if (releaseStock.errors.length > 0)
          throw unsettled('inventory', command.name, releaseStock.errors[0]);
        return { kind: 'sold' };
      }
      case 'restock': {
        const { restock } = await ask('inventory', inventory.RestockDocument, {
          input: { ...input, lines: [...order.lines], reason: 'cancelled' },
        });
        if (restock.restocked) return DONE;
        throw unsettled('inventory', command.name, restock.errors[0]);
      }
      default:
        return command satisfies never;
    }
  };
}

/** What payments needs to hold an order's total; the same for the same order, so asking again is no second charge. */
export function authorisation(
  order: Pick<SagaOrder, 'id' | 'userId' | 'region' | 'currency' | 'total'>,
  paymentMethod: string,
) {
  const { id: orderId, userId, region, currency, total } = order;
  return { orderId, userId, region: WIRE[region], amount: { currency, minor: total }, paymentMethod };
}

function paid(status: string, failure: { code: string; message: string } | null): OrderAnswer {
  switch (status) {
    case 'AUTHORISED':
    case 'CAPTURED':
      return { kind: 'authorised' };
    case 'REQUIRES_ACTION':
      return { kind: 'action-required' };
    case 'PENDING':
      return { kind: 'pending' };
    default: {
      const message = failure?.message ?? 'The payment was refused. Nothing is charged.';
      return { kind: 'declined', declineCode: failure?.code ?? status.toLowerCase(), message };
    }
  }
}

/** The refusal of a command that gave nothing. An outage, or no reason at all, is not an answer. */
function first<Error extends Refused>(to: string, command: string, errors: readonly Error[]): Error {
  const [error] = errors;
  if (!error || error.__typename === 'Unavailable') throw unsettled(to, command, error);
  return error;
}

function short(
  order: SagaOrder,
  command: string,
  error: Refused & { sku?: string; available?: number },
): OrderAnswer {
  switch (error.__typename) {
    case 'InsufficientStock':
      return { kind: 'short', sku: error.sku ?? order.lines[0]!.sku, available: error.available ?? 0 };
    case 'HoldExpired':
    case 'NotFound':
      return { kind: 'short', sku: order.lines[0]!.sku, available: 0 };
    default:
      throw unsettled('inventory', command, error);
  }
}

function unsettled(to: string, command: string, error: { message: string } | undefined): CommandError {
  return new CommandError(to, 'refused', `${to} did not settle ${command}: ${error?.message ?? 'no answer'}`);
}
