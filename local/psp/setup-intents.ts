import { type Handler, ok } from './context.ts';
import { missing, unexpectedSetup } from './errors.ts';
import { fields, flag, text } from './form.ts';
import { pspId } from './store.ts';
import type { SetupIntent } from './types.ts';

/** Saving a card without a charge: as much of it as a browser library needs. */
export const createSetup: Handler = ({ store, seconds }, { params }) => {
  const id = pspId('seti');
  const method = text(params, 'payment_method') ?? null;
  const setup: SetupIntent = {
    id,
    object: 'setup_intent',
    created: seconds(),
    livemode: false,
    metadata: fields(params, 'metadata'),
    client_secret: `${id}_${pspId('secret')}`,
    customer: text(params, 'customer') ?? null,
    payment_method: method,
    status:
      method === null
        ? 'requires_payment_method'
        : flag(params, 'confirm')
          ? 'succeeded'
          : 'requires_confirmation',
    usage: text(params, 'usage') ?? 'off_session',
  };
  store.put(setup);
  return ok(setup);
};

export const confirmSetup: Handler = ({ store }, { params, ids: [id = ''] }) => {
  const setup = store.get<SetupIntent>('setup_intent', id);
  if (!setup) throw missing('setup_intent', id);
  if (setup.status === 'succeeded' || setup.status === 'canceled')
    throw unexpectedSetup(setup.status, 'confirmed');
  const method = text(params, 'payment_method') ?? setup.payment_method;
  const done: SetupIntent = {
    ...setup,
    payment_method: method,
    status: method ? 'succeeded' : 'requires_payment_method',
  };
  store.put(done);
  return ok(done);
};

export const cancelSetup: Handler = ({ store }, { ids: [id = ''] }) => {
  const setup = store.get<SetupIntent>('setup_intent', id);
  if (!setup) throw missing('setup_intent', id);
  if (setup.status === 'succeeded' || setup.status === 'canceled')
    throw unexpectedSetup(setup.status, 'canceled');
  const ended: SetupIntent = { ...setup, status: 'canceled' };
  store.put(ended);
  return ok(ended);
};

export const retrieveSetup: Handler = ({ store }, { ids: [id = ''] }) => {
  const setup = store.get<SetupIntent>('setup_intent', id);
  if (!setup) throw missing('setup_intent', id);
  return ok(setup);
};
