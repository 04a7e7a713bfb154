import { CommandError, type Commands } from '@aisle/platform/service';
import type { DocumentNode } from 'graphql';

/** What a buyer sends to `placeOrder` in this world. */
export interface Basket {
  readonly cartId: string;
  readonly quoteId: string;
  readonly addressId: string;
}

interface Payment {
  status: string;
  /** How often the card was really charged or held: more than once is a bug. */
  holds: number;
  captures: number;
  minor: number;
}

type Input = Record<string, unknown> & { orderId: string; lines?: { sku: string; quantity: number }[] };
type Handler = (input: Input, variables: Record<string, never>) => unknown;

const FEE_BPS = 1_000;
const refuse = (__typename: string, code: string, more: object = {}) => ({
  __typename,
  code,
  message: code,
  ...more,
});
const minor = (amount: number) => ({ minor: amount });

/**
 * The other contexts, as orders sees them: in memory, idempotent as the contracts say, counting their effects.
 * `faults` are asked before (and `after` it) a command is carried out, to refuse, to lose the answer or to kill.
 */
export class World {
  readonly carts = new Map<
    string,
    { owner: string; frozenFor?: string; lines: { sku: string; quantity: number }[] }
  >();
  readonly stock = new Map<string, number>();
  readonly held = new Map<
    string,
    { lines: { sku: string; quantity: number }[]; state: 'held' | 'sold' | 'released' | 'restocked' }
  >();
  readonly payments = new Map<string, Payment>();
  readonly quotes = new Map<
    string,
    {
      cartId: string;
      lines: { sku: string; quantity: number }[];
      current: boolean;
      price: number;
      total: number;
    }
  >();
  readonly withdrawn = new Set<string>();
  readonly sent: string[] = [];
  /** Throws to make a command fail; runs before it is carried out. */
  before: (command: string, input: Input) => void | Promise<void> = () => {};
  /** Throws to lose the answer; runs after it was carried out. */
  after: (command: string, input: Input) => void | Promise<void> = () => {};
  #numbers = 0;

  /** A cart with its quote: each unit costs 1 000 net and 200 tax, delivery 300. */
  basket(owner: string, lines = [{ sku: 'sku_apple', quantity: 2 }]): Basket {
    const region = owner.startsWith('usr_') ? owner.split('_')[1] : 'eu';
    const tail = `${(++this.#numbers).toString().padStart(6, '0')}`;
    const cartId = `crt_${region}_${tail}`;
    const quoteId = `quo_${region}_${tail}`;
    this.carts.set(cartId, { owner, lines });
    this.quotes.set(quoteId, this.#quote(cartId, lines, 1_200));
    for (const { sku } of lines) if (!this.stock.has(sku)) this.stock.set(sku, 100);
    return { cartId, quoteId, addressId: `adr_${region}_0001` };
  }

  get commands(): Commands {
    return {
      send: async (document, variables, { to }) => {
        const answer = this.handle(to, operationOf(document), variables);
        // Whatever goes wrong over there is, from here, a command without an answer.
        return answer.catch((error: Error) => {
          throw new CommandError(to, 'unreachable', error.message);
        }) as never;
      },
    };
  }

  async handle(
    to: string,
    operation: string,
    variables: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const field = operation[0]!.toLowerCase() + operation.slice(1);
    const input = (variables.input ?? variables) as Input;
    this.sent.push(field);
    const handler = this.#handlers[field];
    if (!handler) throw new CommandError(to, 'refused', `${to} knows no ${field}`);
    await this.before(field, input);
    const answer = handler(input, variables as Record<string, never>);
    await this.after(field, input);
    // As over the wire: nothing is shared.
    return JSON.parse(JSON.stringify({ [field]: answer }));
  }

  count(command: string): number {
    return this.sent.filter((name) => name === command).length;
  }

  #quote(cartId: string, lines: { sku: string; quantity: number }[], price: number) {
    return {
      cartId,
      lines,
      current: true,
      price,
      total: lines.reduce((sum, { quantity }) => sum + quantity * price, 300),
    };
  }

  #snapshot(id: string) {
    const quote = this.quotes.get(id)!;
    const lines = quote.lines.map(({ sku, quantity }) => {
      const gross = quantity * quote.price;
      const tax = Math.round(gross / 6);
      return {
        sku,
        quantity,
        unitPrice: minor(quote.price),
        net: minor(gross - tax),
        tax: minor(tax),
        taxBps: 2_000,
        gross: minor(gross),
      };
    });
    const sum = (pick: 'net' | 'tax') => minor(lines.reduce((total, line) => total + line[pick].minor, 0));
    const totals = {
      net: sum('net'),
      tax: sum('tax'),
      delivery: minor(300),
      discount: minor(0),
      total: minor(quote.total),
    };
    return {
      id,
      subject: quote.cartId,
      region: id.split('_')[1]!.toUpperCase(),
      currency: 'EUR',
      current: quote.current,
      lines,
      ...totals,
    };
  }

  readonly #handlers: Record<string, Handler> = {
    freezeCart: ({ cartId, owner, orderId }) => {
      const cart = this.carts.get(cartId as string);
      if (!cart || cart.owner !== owner) return { cart: null, errors: [refuse('NotFound', 'NOT_FOUND')] };
      if (cart.lines.length === 0) return { cart: null, errors: [refuse('EmptyCart', 'EMPTY_CART')] };
      if (cart.frozenFor && cart.frozenFor !== orderId) {
        const versions = { expected: 1, actual: 1 };
        return { cart: null, errors: [refuse('VersionConflict', 'VERSION_CONFLICT', versions)] };
      }
      cart.frozenFor = orderId;
      return { cart: { id: cartId, version: 1, lines: cart.lines }, errors: [] };
    },
    releaseCart: ({ cartId, orderId }) => {
      const cart = this.carts.get(cartId as string)!;
      if (cart.frozenFor === orderId) cart.frozenFor = undefined;
      return { released: true };
    },
    completeCart: ({ cartId, orderId }) => {
      const cart = this.carts.get(cartId as string)!;
      if (cart.frozenFor === orderId) Object.assign(cart, { lines: [], frozenFor: undefined });
      return { completed: true };
    },
    quoteSnapshot: ({ id }) => (this.quotes.has(id as string) ? this.#snapshot(id as string) : null),
    createQuote: ({ subject, lines }) => {
      const id = `quo_eu_new${++this.#numbers}`;
      this.quotes.set(id, this.#quote(subject as string, lines!, 1_300));
      return { quote: { id }, errors: [] };
    },
    lockQuote: ({ quoteId }) => {
      const quote = this.quotes.get(quoteId as string)!;
      if (quote.current) return { quote: { id: quoteId, total: minor(quote.total) }, errors: [] };
      return {
        quote: null,
        errors: [refuse('QuoteOutdated', 'PRICE_CHANGED', { newQuoteId: 'quo_eu_newer' })],
      };
    },
    addressSnapshot: ({ addressId }) =>
      (addressId as string).endsWith('0001')
        ? {
            name: 'Ada',
            line1: '1 High St',
            line2: null,
            city: 'Berlin',
            state: null,
            postcode: '10115',
            country: 'DE',
            phone: null,
          }
        : null,
    hasPaymentMethod: ({ id, userId }) => id === savedBy(userId as string),
    variantSnapshots: ({ skus }) =>
      (skus as string[]).map((sku) => ({
        sku,
        title: `A ${sku.slice(4)}`,
        sellerId: sellerOf(sku),
        withdrawn: this.withdrawn.has(sku),
      })),
    sellerSnapshots: ({ ids }) =>
      (ids as string[]).map((id) => ({ id, feeBps: FEE_BPS, status: 'APPROVED' })),
    checkStock: ({ lines }) =>
      lines!.flatMap(({ sku, quantity }) => {
        const available = this.stock.get(sku) ?? 0;
        return available < quantity ? [{ sku, requested: quantity, available }] : [];
      }),
    reserveStock: ({ orderId, lines }) => {
      const known = this.held.get(orderId);
      if (known?.state === 'released') throw new Error(`${orderId} reserves after it released`);
      if (!known) {
        const short = lines!.find(({ sku, quantity }) => (this.stock.get(sku) ?? 0) < quantity);
        if (short) {
          const left = { sku: short.sku, available: this.stock.get(short.sku) ?? 0 };
          return { reservation: null, errors: [refuse('InsufficientStock', 'INSUFFICIENT_STOCK', left)] };
        }
        for (const { sku, quantity } of lines!) this.stock.set(sku, this.stock.get(sku)! - quantity);
        this.held.set(orderId, { lines: lines!, state: 'held' });
      }
      return { reservation: { orderId }, errors: [] };
    },
    confirmStock: ({ orderId }) => {
      const hold = this.held.get(orderId);
      if (hold?.state === 'held') hold.state = 'sold';
      if (hold?.state === 'sold') return { confirmed: true, errors: [] };
      return { confirmed: false, errors: [refuse('HoldExpired', 'HOLD_EXPIRED')] };
    },
    releaseStock: ({ orderId }) => {
      const hold = this.held.get(orderId);
      if (hold?.state === 'sold') return { released: false, errors: [] };
      if (hold?.state === 'held') this.#giveBack(hold, 'released');
      return { released: true, errors: [] };
    },
    restock: ({ orderId }) => {
      const hold = this.held.get(orderId)!;
      if (hold.state === 'sold') this.#giveBack(hold, 'restocked');
      return { restocked: true, errors: [] };
    },
    authorisePayment: ({ orderId, paymentMethod, amount }) => {
      const known = this.payments.get(orderId);
      if (known) return this.#paid(known);
      const status =
        { pm_declined: 'DECLINED', pm_action: 'REQUIRES_ACTION', pm_pending: 'PENDING' }[
          paymentMethod as string
        ] ?? 'AUTHORISED';
      const payment = {
        status,
        holds: status === 'AUTHORISED' ? 1 : 0,
        captures: 0,
        minor: (amount as { minor: number }).minor,
      };
      this.payments.set(orderId, payment);
      return this.#paid(payment);
    },
    capturePayment: ({ orderId }) => {
      const payment = this.payments.get(orderId)!;
      if (payment.status === 'AUTHORISED')
        Object.assign(payment, { status: 'CAPTURED', captures: payment.captures + 1 });
      if (payment.status === 'CAPTURED') return this.#paid(payment);
      return { payment: null, errors: [refuse('PaymentStateConflict', 'PAYMENT_STATE_CONFLICT')] };
    },
    voidPayment: ({ orderId }) => {
      const payment = this.payments.get(orderId) ?? { status: 'PENDING', holds: 0, captures: 0, minor: 0 };
      if (payment.status === 'CAPTURED') payment.status = 'REFUNDED';
      else if (payment.status !== 'REFUNDED' && payment.status !== 'DECLINED') payment.status = 'VOIDED';
      this.payments.set(orderId, payment);
      return this.#paid(payment);
    },
  };

  #giveBack(hold: { lines: { sku: string; quantity: number }[]; state: string }, state: string): void {
    for (const { sku, quantity } of hold.lines) this.stock.set(sku, this.stock.get(sku)! + quantity);
    hold.state = state;
  }

  #paid({ status }: Payment) {
    const nextAction =
      status === 'REQUIRES_ACTION' ? { url: 'http://bank.test/', clientSecret: 'secret' } : null;
    const failure =
      status === 'DECLINED' ? { code: 'insufficient_funds', message: 'Not enough money.' } : null;
    return { payment: { status, nextAction, failure }, errors: [] };
  }
}

/** The saved way to pay that each person has. */
export const savedBy = (userId: string) => `pmt_eu_card${userId.split('_').at(-1)}`;

export const sellerOf = (sku: string) => (sku.includes('pear') ? 'sel_orchard' : 'sel_farm');

export function operationOf(document: DocumentNode): string {
  const [definition] = document.definitions;
  return (definition as { name: { value: string } }).name.value;
}
