import { REGIONS } from '@aisle/platform/identity';
import { errorFields } from '@aisle/platform/log';
import type { Platform } from '@aisle/platform/service';
import type { Config } from '../config.ts';
import { isOpen } from '../domain/payment.ts';
import type { Due, Ports } from './index.ts';

/** Payments taken at once and region, and settled side by side. */
const BATCH = 20;

export interface Sweeper {
  readonly name: string;
  /** One round over all regions. @returns how many payments and refunds it took */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Settles what a crash, a lost reply or a silent provider left open. A row that is taken is nobody else's until its
 * next check, so sweepers of several processes share the work, and one that dies loses nothing.
 */
export function startSweeper(ports: Ports, { clock, log, meter }: Platform, config: Config): Sweeper {
  const settled = meter.counter(
    'payments_swept_total',
    'Payments and refunds that the sweeper took, by what became of them.',
  );
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> = Promise.resolve(0);

  const wait = () => ({ deadline: clock.now() + config.providerTimeoutMs * 2 });

  async function sweepPayment({ payment, checks }: Due): Promise<void> {
    const after = isOpen(payment.state)
      ? await ports.settlement.settle(payment, wait(), { checks })
      : await ports.settlement.look(payment, wait());
    settled.add(1, { outcome: isOpen(after.state) ? 'open' : 'settled' });
  }

  async function sweep(): Promise<number> {
    let taken = 0;
    for (const region of REGIONS) {
      const [due, refunds] = await Promise.all([
        ports.payments.takeDue(region, BATCH),
        ports.payments.takeDueRefunds(region, BATCH),
      ]);
      taken += due.length + refunds.length;
      const work = [
        ...due.map(sweepPayment),
        ...refunds.map((refund) => ports.refunding.settle(refund, wait())),
      ];
      for (const result of await Promise.allSettled(work)) {
        if (result.status === 'rejected') log.warn('payment not settled', errorFields(result.reason));
      }
    }
    return taken;
  }

  function next(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      running = sweep().catch((error: unknown) => {
        log.warn('payments were not swept', errorFields(error));
        return 0;
      });
      void running.then(next);
    }, config.sweepMs);
  }

  next();
  return {
    name: 'payment sweeper',
    sweep,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
