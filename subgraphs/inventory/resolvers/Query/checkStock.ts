import { badInput, unavailable } from '@aisle/platform/errors';
import { requireService } from '@aisle/platform/service';
import { checkLines } from '../../domain/validate.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { isStockDown } from '../unavailable.ts';

export const checkStock: NonNullable<QueryResolvers['checkStock']> = async (_, { input }, scope) => {
  requireService(scope, ['orders', 'cart']);
  const refusal = checkLines(input.lines);
  if (refusal) throw badInput(refusal.message);
  const { ports } = scope;
  try {
    const levels = await ports.live.read(
      input.region,
      input.lines.map(({ sku }) => sku),
    );
    return input.lines.flatMap(({ sku, quantity }) => {
      const available = levels.get(sku)?.available ?? 0;
      return available < quantity ? [{ sku, requested: quantity, available }] : [];
    });
  } catch (error) {
    if (isStockDown(error)) throw unavailable('Stock cannot be checked just now.', error);
    throw error;
  }
};
