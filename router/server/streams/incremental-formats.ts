import type { IncrementalPart, IncrementalPayload } from '../../engine/index.ts';

type Errors = IncrementalPart['errors'];

/** A payload as `deferSpec=20220824` has it: what is deferred is not announced, and each part is whole. */
export const legacyFormat = ({ pending: _, incremental, ...payload }: IncrementalPayload): object => ({
  ...payload,
  ...(incremental && { incremental: incremental.map(({ id: _id, added: _added, ...part }) => part) }),
});

/**
 * A payload as `incrementalSpec=v0.2` has it: parts are announced as `pending`, by an id; no field comes twice; a part that an error took away
 * is completed with its errors and has no data.
 */
export function currentFormat({ incremental, ...payload }: IncrementalPayload): object {
  if (!incremental) return payload;
  const data = incremental.flatMap(dataOf);
  return {
    ...payload,
    ...(data.length > 0 && { incremental: data }),
    completed: incremental.map(({ id, data, errors }) => (data ? { id } : { id, ...withErrors(errors) })),
  };
}

function dataOf({ id, path, added, errors = [] }: IncrementalPart): object[] {
  return added.map(({ subPath, data }) => {
    const at = [...path, ...subPath];
    // An error of a field that an earlier payload had was told there.
    const here = errors.filter((error) => {
      const next = error.path?.[at.length];
      return at.every((step, index) => error.path?.[index] === step) && Object.hasOwn(data, String(next));
    });
    return { id, ...(subPath.length > 0 && { subPath }), data, ...withErrors(here) };
  });
}

const withErrors = (errors: Errors) => (errors && errors.length > 0 ? { errors } : {});
