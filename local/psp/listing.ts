import { invalid } from './errors.ts';
import { text } from './form.ts';
import type { Params, Stored } from './types.ts';

/** Stripe's list object, newest first, `starting_after`/`ending_before` and `limit` 1..100 (default 10). */
export function listOf<T extends Stored>(
  url: string,
  inOrder: readonly T[],
  params: Params,
  matches: (item: T) => boolean = () => true,
) {
  const limit = Number(text(params, 'limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw invalid('Invalid limit: must be between 1 and 100.', 'limit');
  const after = text(params, 'starting_after');
  const before = text(params, 'ending_before');
  const cursor = after ?? before;
  const at = cursor === undefined ? -1 : place(inOrder, cursor);
  const data: T[] = [];
  if (before !== undefined) {
    for (let i = at + 1; i < inOrder.length && data.length <= limit; i++)
      if (matches(inOrder[i]!)) data.unshift(inOrder[i]!);
    const more = data.length > limit;
    return { object: 'list', url, has_more: more, data: more ? data.slice(1) : data };
  }
  for (let i = after === undefined ? inOrder.length - 1 : at - 1; i >= 0 && data.length <= limit; i--) {
    if (matches(inOrder[i]!)) data.push(inOrder[i]!);
  }
  return { object: 'list', url, has_more: data.length > limit, data: data.slice(0, limit) };
}

function place(items: readonly Stored[], id: string): number {
  const at = items.findLastIndex((item) => item.id === id);
  if (at < 0) throw invalid(`No such object: '${id}'`, 'starting_after', 'resource_missing');
  return at;
}

/** Filter by `created[gte]` and so on, epoch seconds. */
export function createdWithin(params: Params): (item: Stored) => boolean {
  const created = params.created;
  if (created === undefined) return () => true;
  if (typeof created === 'string') return (item) => item.created === Number(created);
  const { gt, gte, lt, lte } = created;
  return (item) =>
    (gt === undefined || item.created > Number(gt)) &&
    (gte === undefined || item.created >= Number(gte)) &&
    (lt === undefined || item.created < Number(lt)) &&
    (lte === undefined || item.created <= Number(lte));
}
