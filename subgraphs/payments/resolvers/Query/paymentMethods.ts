import { badInput } from '@aisle/platform/errors';
import type { SavedMethod } from '../../domain/method.ts';
import type { QueryResolvers } from '../../generated/schema.ts';
import { signedIn } from '../viewer.ts';

const MAX_PAGE = 100;

export const paymentMethods: NonNullable<QueryResolvers['paymentMethods']> = async (
  _,
  { first, after },
  scope,
) => {
  const { subject, region } = signedIn(scope);
  const size = first ?? 20;
  if (size < 1 || size > MAX_PAGE) throw badInput('`first` must be between 1 and 100.');
  const from = after === undefined || after === null ? undefined : readCursor(after);
  const found = await scope.ports.methods.list(subject, region, size + 1, from);
  const edges = found.slice(0, size).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: found.length > size,
      hasPreviousPage: from !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
};

const cursorOf = ({ createdAt, id }: SavedMethod) => Buffer.from(`${createdAt}:${id}`).toString('base64url');

function readCursor(cursor: string): { createdAt: number; id: string } {
  const [, at, id] =
    /^(\d{1,16}):(pmt_[0-9a-z_]{4,60})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!at || !id) throw badInput('`after` is not a cursor of this list.');
  return { createdAt: Number(at), id };
}
