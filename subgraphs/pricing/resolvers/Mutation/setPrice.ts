import {
  invalidInput,
  keyReused,
  notAllowed,
  notFound,
  notNow,
  unauthenticated,
  versionConflict,
} from '@aisle/platform/errors';
import { hashInput, isIdempotencyKey } from '@aisle/platform/idempotency';
import { hasPrefix } from '@aisle/platform/ids';
import { fromWire } from '@aisle/platform/money';
import type { Scope } from '@aisle/platform/service';
import { mayPrice, priceProblem } from '../../domain/price.ts';
import { unavailableNow } from '../../domain/refusal.ts';
import type { MutationResolvers, SetPriceInput } from '../../generated/schema.ts';
import type { Ports } from '../../store/index.ts';
import { orUnavailable } from '../or-unavailable.ts';

const refused = <Refusal>(error: Refusal) => ({ variant: null, price: null, errors: [error] });

export const setPrice: NonNullable<MutationResolvers['setPrice']> = (_, { input }, scope) =>
  orUnavailable(
    () => decide(input, scope),
    () => refused(unavailableNow()),
  );

async function decide(input: SetPriceInput, scope: Scope<Ports>) {
  const { caller, ports, clock } = scope;
  if (caller.kind !== 'user') throw unauthenticated();
  const { idempotencyKey: key, sku, region, taxClass } = input;
  const expectedVersion = input.expectedVersion ?? 0;
  if (!isIdempotencyKey(key))
    return refused(invalidInput('The key must be 8 to 128 printable characters.', 'idempotencyKey'));
  const amount = fromWire(input.amount);
  const problem = priceProblem(region, amount);
  if (problem) return refused(invalidInput(problem, 'amount'));
  if (!hasPrefix(sku, 'sku')) return refused(notFound('There is no such variant.', 'sku'));
  const sellerId = await ports.prices.sellerOf(sku);
  if (sellerId === undefined) return refused(notFound('There is no such variant.', 'sku'));
  if (!mayPrice(caller, sellerId)) return refused(notAllowed('This is not your product.', 'sku'));

  const call = {
    scope: `setPrice:${caller.subject}`,
    key,
    inputHash: hashInput({ ...input, expectedVersion }),
  };
  const outcome = await ports.prices.change(
    { sku, region, amount, taxClass, expectedVersion },
    call,
    clock.now(),
  );
  if (outcome.kind === 'reused-with-other-input') return refused(keyReused());
  if (outcome.kind === 'in-progress') return refused(notNow('The same call is still at work. Try again.'));
  const { answer } = outcome;
  if (answer.kind === 'conflict') return refused(versionConflict(expectedVersion, answer.actual));
  return { variant: { sku }, price: { sku, region, amount, taxClass, version: answer.version }, errors: [] };
}
