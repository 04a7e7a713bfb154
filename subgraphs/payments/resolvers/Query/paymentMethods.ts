import { badInput } from '@aisle/platform/errors';
import { checkFirst, connectionOf } from '@aisle/platform/paging';
import type { SavedMethod } from '../../domain/method.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { signedIn } from '../viewer.ts';

export const paymentMethods: NonNullable<QueryResolvers['paymentMethods']> = async (
  _,
  { after, ...args },
  scope,
) => {
  const { subject, region } = signedIn(scope);
  const first = checkFirst(args.first ?? 20);
  const from = after === undefined || after === null ? undefined : readCursor(after);
  const found = await scope.ports.methods.list(subject, region, first + 1, from);
  return connectionOf(found, { first, after }, cursorOf, (method) => method);
};

const cursorOf = ({ createdAt, id }: SavedMethod) => Buffer.from(`${createdAt}:${id}`).toString('base64url');

function readCursor(cursor: string): { createdAt: number; id: string } {
  const [, at, id] =
    // Thirteen digits are milliseconds until the year 2286; more might be no moment at all.
    /^(\d{1,13}):(pmt_[0-9a-z_]{4,60})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!at || !id) throw badInput('`after` is not a cursor of this list.');
  return { createdAt: Number(at), id };
}
