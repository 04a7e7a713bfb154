import { handleOnce } from '@aisle/platform/inbox';
import type { SagaRunner } from '@aisle/platform/saga';
import type { Databases } from '@aisle/platform/stores';
import type { OrderFact } from '../domain/order.ts';
import type { OrderSaga, OrderSignal } from '../domain/saga/types.ts';
import type { Sagas } from './index.ts';
import { TAKE_BACK_SUFFIX } from './orders.ts';

const WAITS = 'SELECT 1 FROM orders WHERE id = $1 AND status = ANY($2::text[])';

/** Orders' sagas on the platform's runner. */
export function createSagas(
  runner: SagaRunner<OrderSaga, OrderSignal, OrderFact>,
  databases: Pick<Databases, 'of'>,
): Sagas {
  return {
    begin(saga, onSaved) {
      const { id, region } = saga.order;
      const sagaId = saga.step === 'reserving' ? id : `${id}${TAKE_BACK_SUFFIX}`;
      return runner.begin(databases.of(region), sagaId, saga, onSaved);
    },
    async signal(region, orderId, signal) {
      const database = databases.of(region);
      const isTold = await runner.signal(database, orderId, signal);
      if (isTold) await runner.wake(database, orderId);
      return isTold;
    },
    async deliver(region, orderId, signal, event, statuses) {
      const database = databases.of(region);
      // Nearly every payment is settled by our own commands: its event finds nobody waiting, and costs one look.
      const waiting = await database.query(WAITS, [orderId, statuses], 'order-waits');
      if (waiting.length === 0) return;
      await handleOnce(database, event, async (tx) => {
        await runner.signal(tx, orderId, signal);
      });
      await runner.wake(database, orderId);
    },
  };
}
