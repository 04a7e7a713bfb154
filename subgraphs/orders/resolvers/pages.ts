import { badInput } from '@aisle/platform/errors';
import { checkFirst, connectionOf } from '@aisle/platform/paging';
import type { Order, OrderStatus } from '../domain/order.ts';
import type { Page } from '../store/index.ts';

interface PageArgs {
  readonly first: number;
  readonly after?: string | null;
  readonly filter?: { readonly status?: readonly OrderStatus[] | null } | null;
}

/** @throws BAD_USER_INPUT for a page that is too large or a cursor that is not ours */
export function readPage({ first, after, filter }: PageArgs): Page {
  const statuses = [...new Set(filter?.status ?? [])];
  return { first: checkFirst(first), statuses, after: after == null ? undefined : readCursor(after) };
}

function readCursor(cursor: string): { at: number; id: string } {
  const match = /^(\d{1,13})\.([a-z]{3}_[a-z]{2}_[0-9a-z]{4,40})$/.exec(
    Buffer.from(cursor, 'base64url').toString(),
  );
  if (!match) throw badInput('"after" is not a cursor of this list.');
  return { at: Number(match[1]), id: match[2]! };
}

const cursorOf = ({ content }: Order) =>
  Buffer.from(`${content.placedAt}.${content.id}`).toString('base64url');

/** A page of orders, or of what `toNode` makes of them, from one more order than was asked for. */
export const connection = <Node>(orders: readonly Order[], page: Page, toNode: (order: Order) => Node) =>
  connectionOf(orders, page, cursorOf, toNode);
