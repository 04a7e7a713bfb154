import type { IncrementalPart, IncrementalPayload } from '../../engine/index.ts';

/** The engine speaks the format that `deferSpec=20220824` names. */
export const legacyFormat = (payload: IncrementalPayload): object => payload;

/**
 * The present format (`pending`, `incremental` by id, `completed`). The engine tells of a deferred part when it is there, so a part is announced,
 * delivered and completed in one payload, which the format allows.
 */
export function createCurrentFormat(): (payload: IncrementalPayload) => object {
  let ids = 0;
  return ({ incremental, ...payload }) => {
    if (!incremental || incremental.length === 0) return payload;
    const parts = incremental.map((part) => ({ id: String(ids++), part }));
    return {
      ...payload,
      pending: parts.map(({ id, part: { path, label } }) => ({
        id,
        path,
        ...(label !== undefined && { label }),
      })),
      incremental: parts
        .filter(({ part }) => part.data !== null)
        .map(({ id, part }) => ({ id, data: part.data, ...errorsOf(part) })),
      completed: parts.map(({ id, part }) => (part.data === null ? { id, ...errorsOf(part) } : { id })),
    };
  };
}

const errorsOf = ({ errors }: IncrementalPart) => (errors && errors.length > 0 ? { errors } : {});
