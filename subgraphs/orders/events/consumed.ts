import type { AisleEvent } from '@aisle/platform/bus';
import { z } from '@aisle/platform/config';
import { regionOf } from '@aisle/platform/ids';
import type { OrderStatus } from '../domain/order.ts';
import type { OrderSignal } from '../domain/saga/types.ts';
import type { Ports } from '../store/index.ts';

const orderId = z.string().max(64);
const authorised = z.object({ orderId });
const failed = z.object({ orderId, code: z.string().max(100).catch('declined') });

type Handler = (event: AisleEvent, ports: Ports) => Promise<void>;

/** An order that does not wait for it (any more) is left alone: then its saga has learnt of it by asking. */
async function tell(
  ports: Ports,
  event: AisleEvent,
  id: string,
  signal: OrderSignal,
  statuses: readonly OrderStatus[] = ['PENDING', 'AWAITING_PAYMENT'],
): Promise<void> {
  const region = regionOf(id, 'ord');
  if (region) await ports.sagas.deliver(region, id, signal, event, statuses);
}

/** What happens to a payment outside of our own commands: the buyer confirmed it with the bank, or could not. */
export const consumed: Readonly<Record<string, Handler>> = {
  'PaymentAuthorised.v1': (event, ports) =>
    tell(ports, event, authorised.parse(event.data).orderId, { kind: 'payment-authorised' }),
  // A payment that is taken while its order still waits for the buyer; all others were taken by the order itself.
  'PaymentCompleted.v1': (event, ports) =>
    tell(ports, event, authorised.parse(event.data).orderId, { kind: 'payment-authorised' }, [
      'AWAITING_PAYMENT',
    ]),
  'PaymentFailed.v1': (event, ports) => {
    const { orderId: id, code } = failed.parse(event.data);
    return tell(ports, event, id, { kind: 'payment-failed', declineCode: code });
  },
};
