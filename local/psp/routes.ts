import type { Handler } from './context.ts';
import {
  cancel,
  capture,
  confirm,
  createIntent,
  listIntents,
  retrieveIntent,
  searchIntents,
} from './payment-intents.ts';
import {
  attach,
  createCustomer,
  detach,
  listCustomers,
  listMethods,
  retrieveCustomer,
  retrieveMethod,
} from './payment-methods.ts';
import {
  balance,
  createRefund,
  listCharges,
  listRefunds,
  retrieveCharge,
  retrieveRefund,
} from './refunds.ts';
import { cancelSetup, confirmSetup, createSetup, retrieveSetup } from './setup-intents.ts';

const ROUTES: Readonly<Record<string, Handler>> = {
  'POST /v1/payment_intents': createIntent,
  'GET /v1/payment_intents': listIntents,
  'GET /v1/payment_intents/search': searchIntents,
  'GET /v1/payment_intents/:id': retrieveIntent,
  'POST /v1/payment_intents/:id/confirm': confirm,
  'POST /v1/payment_intents/:id/capture': capture,
  'POST /v1/payment_intents/:id/cancel': cancel,
  'POST /v1/refunds': createRefund,
  'GET /v1/refunds': listRefunds,
  'GET /v1/refunds/:id': retrieveRefund,
  'GET /v1/charges': listCharges,
  'GET /v1/charges/:id': retrieveCharge,
  'GET /v1/balance': balance,
  'GET /v1/payment_methods': listMethods,
  'GET /v1/payment_methods/:id': retrieveMethod,
  'POST /v1/payment_methods/:id/attach': attach,
  'POST /v1/payment_methods/:id/detach': detach,
  'POST /v1/customers': createCustomer,
  'GET /v1/customers': listCustomers,
  'GET /v1/customers/:id': retrieveCustomer,
  'GET /v1/customers/:id/payment_methods': listMethods,
  'POST /v1/setup_intents': createSetup,
  'GET /v1/setup_intents/:id': retrieveSetup,
  'POST /v1/setup_intents/:id/confirm': confirmSetup,
  'POST /v1/setup_intents/:id/cancel': cancelSetup,
};

/** Finds who answers `method path`; the third part of a path is an id unless a route names it. */
export function route(
  method: string,
  path: string,
): { handler: Handler; ids: string[]; pattern: string } | undefined {
  const exact = `${method} ${path}`;
  const direct = ROUTES[exact];
  if (direct) return { handler: direct, ids: [], pattern: exact };
  const [empty, v1, kind, id, action, ...rest] = path.split('/');
  if (empty !== '' || id === undefined || rest.length > 0) return undefined;
  const pattern = `${method} /${v1}/${kind}/:id${action === undefined ? '' : `/${action}`}`;
  const handler = ROUTES[pattern];
  return handler && { handler, ids: [id], pattern };
}
