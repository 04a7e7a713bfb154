import { CARDS, EXPIRY } from './cards.ts';
import { type Context, type Handler, ok } from './context.ts';
import { invalid, missing, missingParam, PspError } from './errors.ts';
import { fields, text } from './form.ts';
import { listOf } from './listing.ts';
import { pspId } from './store.ts';
import type { Customer, PaymentMethod } from './types.ts';

const DETACHED =
  'This PaymentMethod was previously used without being attached to a Customer or was detached from a Customer, and may not be used again.';

/** @throws PspError unless the method exists and may be used for this customer */
export function usablePaymentMethod({ store }: Context, id: string, customer: string | null): void {
  if (CARDS[id]) return;
  const method = store.get<PaymentMethod>('payment_method', id);
  if (!method) throw missing('PaymentMethod', id, 'payment_method');
  if (method.customer === null) throw invalid(DETACHED, 'payment_method', 'payment_method_unexpected_state');
  if (method.customer === customer) return;
  throw invalid(
    customer === null
      ? 'The payment method is attached to a customer, so for security purposes you must provide the customer in the request.'
      : 'The payment method supplied does not belong to the supplied customer.',
    'payment_method',
  );
}

/** A test token seen as the payment method that it stands for. */
function ofToken(token: string, created: number): PaymentMethod {
  const { brand, last4 } = CARDS[token]!;
  const card = {
    brand,
    last4,
    exp_month: EXPIRY.month,
    exp_year: EXPIRY.year,
    funding: 'credit',
    country: 'US',
  };
  return {
    id: token,
    object: 'payment_method',
    type: 'card',
    created,
    livemode: false,
    metadata: {},
    customer: null,
    card,
    behaves: token,
  };
}

/** `behaves` is the emulator's own. */
const shown = ({ behaves: _, ...method }: PaymentMethod) => method;

export const attach: Handler = (context, { params, ids: [id = ''] }) => {
  const { store, seconds } = context;
  const customer = text(params, 'customer');
  if (customer === undefined) throw missingParam('customer');
  if (!store.get<Customer>('customer', customer)) throw missing('customer', customer, 'customer');
  const card = CARDS[id];
  if (card) {
    if (card.refusesAttach && card.decline) {
      const { code, declineCode, message } = card.decline;
      throw new PspError(402, { type: 'card_error', code, decline_code: declineCode, message });
    }
    const made = { ...ofToken(id, seconds()), id: pspId('pm'), customer };
    store.put(made);
    return ok(shown(made));
  }
  const method = store.get<PaymentMethod>('payment_method', id);
  if (!method) throw missing('PaymentMethod', id, 'payment_method');
  if (method.customer === null) throw invalid(DETACHED, 'payment_method', 'payment_method_unexpected_state');
  if (method.customer !== customer)
    throw invalid(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
    );
  return ok(shown(method));
};

export const detach: Handler = ({ store }, { ids: [id = ''] }) => {
  const method = store.get<PaymentMethod>('payment_method', id);
  if (!method) throw missing('PaymentMethod', id, 'payment_method');
  if (method.customer === null) {
    throw invalid(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      'payment_method',
    );
  }
  const free = { ...method, customer: null };
  store.put(free);
  return ok(shown(free));
};

export const retrieveMethod: Handler = ({ store, seconds }, { ids: [id = ''] }) => {
  if (CARDS[id]) return ok(shown(ofToken(id, seconds())));
  const method = store.get<PaymentMethod>('payment_method', id);
  if (!method) throw missing('PaymentMethod', id, 'payment_method');
  return ok(shown(method));
};

export const listMethods: Handler = ({ store }, { params, ids: [owner] }) => {
  const customer = owner ?? text(params, 'customer');
  const list = listOf(
    '/v1/payment_methods',
    store.all<PaymentMethod>('payment_method'),
    params,
    (one) => customer !== undefined && one.customer === customer,
  );
  return ok({ ...list, data: list.data.map(shown) });
};

export const createCustomer: Handler = ({ store, seconds }, { params }) => {
  const customer: Customer = {
    id: pspId('cus'),
    object: 'customer',
    created: seconds(),
    livemode: false,
    metadata: fields(params, 'metadata'),
    email: text(params, 'email') ?? null,
    name: text(params, 'name') ?? null,
  };
  store.put(customer);
  return ok(customer);
};

export const retrieveCustomer: Handler = ({ store }, { ids: [id = ''] }) => {
  const customer = store.get<Customer>('customer', id);
  if (!customer) throw missing('customer', id);
  return ok(customer);
};

export const listCustomers: Handler = ({ store }, { params }) => {
  const email = text(params, 'email');
  return ok(
    listOf(
      '/v1/customers',
      store.all<Customer>('customer'),
      params,
      (one) => email === undefined || one.email === email,
    ),
  );
};
