import type { Region } from '@aisle/platform/identity';
import type { Line } from '../domain/validate.ts';
import type { ConfirmPorts } from './confirm.ts';
import { orderKey } from './keys.ts';

/**
 * Ends an order's holds. A hold that is just being sold is decided in the ledger: whoever writes first wins.
 * @returns true when nothing is held any more, false when it is sold. @throws StockUnavailable
 */
export async function release(
  { live, ledger }: Pick<ConfirmPorts, 'live' | 'ledger'>,
  region: Region,
  orderId: string,
): Promise<boolean> {
  const noted = await live.answered(() => live.redis.get(orderKey(region, orderId)));
  const skus = noted ? (JSON.parse(noted) as Line[]).map(({ sku }) => sku) : [];
  const replies = await Promise.all(skus.map((sku) => live.release(region, orderId, sku, 'held')));
  if (replies.includes('SOLD')) return false;
  if (replies.includes('PREPARED')) {
    if ((await ledger.void(region, orderId)) === 'DONE') return false;
    await Promise.all(skus.map((sku) => live.release(region, orderId, sku, 'abort')));
    return true;
  }
  if (replies.includes('OK')) return true;
  return (await ledger.find(region, orderId))?.state !== 'DONE';
}
