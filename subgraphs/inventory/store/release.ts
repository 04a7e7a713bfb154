import type { Region } from '@aisle/platform/identity';
import type { ConfirmPorts } from './confirm.ts';
import { noteOf, putNote } from './order-note.ts';

/**
 * Ends an order's holds. A hold that is just being sold is decided in the ledger: whoever writes first wins. That the
 * order lets go is noted before, so that a confirmation which comes later, or is under way, takes no units again.
 * @returns true when nothing is held any more, false when it is sold. @throws StockUnavailable
 */
export async function release(
  { live, ledger }: Pick<ConfirmPorts, 'live' | 'ledger'>,
  region: Region,
  orderId: string,
): Promise<boolean> {
  const { lines } = (await noteOf(live, region, orderId)) ?? { lines: [] };
  await putNote(live, region, orderId, { lines, released: true });
  const skus = lines.map(({ sku }) => sku);
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
