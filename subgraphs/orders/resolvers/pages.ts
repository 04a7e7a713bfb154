import { badInput } from '@aisle/platform/errors';
import type { Order, OrderStatus } from '../domain/order.ts';
import type { Page } from '../store/index.ts';

const MAX_FIRST = 100;

interface PageArgs {
  readonly first: number;
  readonly after?: string | null;
  readonly filter?: { readonly status?: readonly OrderStatus[] | null } | null;
}

/** @throws BAD_USER_INPUT for a page that is too large or a cursor that is not ours */
export function readPage({ first, after, filter }: PageArgs): Page {
  if (first < 1 || first > MAX_FIRST) throw badInput(`"first" must be between 1 and ${MAX_FIRST}.`);
  const statuses = [...new Set(filter?.status ?? [])];
  return { first, statuses, after: after == null ? undefined : readCursor(after) };
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

/** A Relay connection of orders, or of what `toNode` makes of them, from one more order than was asked for. */
export function connection<Node>(orders: readonly Order[], page: Page, toNode: (order: Order) => Node) {
  const edges = orders
    .slice(0, page.first)
    .map((order) => ({ cursor: cursorOf(order), node: toNode(order) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: orders.length > page.first,
      hasPreviousPage: page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
