import { type GraphQLLeafType, isEnumType } from 'graphql';

/** Checks and serialises a leaf value that a subgraph sent: `undefined` when it is no value of the type. */
export type LeafCheck = (value: unknown) => unknown;

const BUILT_IN: Readonly<Record<string, LeafCheck>> = {
  Int: (value) => (typeof value === 'number' && (value | 0) === value ? value : undefined),
  Float: (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined),
  String: (value) => (typeof value === 'string' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  // An ID always serialises as a string, also when a subgraph sends a whole number. A larger one than JavaScript can tell from its neighbours may be another's.
  ID: (value) =>
    typeof value === 'string'
      ? value
      : typeof value === 'number' && Number.isSafeInteger(value)
        ? String(value)
        : undefined,
};

/** Custom scalars were serialised by the subgraph that defines them: any JSON value passes. */
export function leafCheck(type: GraphQLLeafType): LeafCheck {
  if (!isEnumType(type)) return BUILT_IN[type.name] ?? ((value) => value);
  const names = new Set(type.getValues().map((value) => value.name));
  return (value) => (typeof value === 'string' && names.has(value) ? value : undefined);
}
