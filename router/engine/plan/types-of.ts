import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** The names a `__typename` may have for an object to satisfy `... on condition`: the type itself and everything below it. */
export function typesOf(schema: GraphQLSchema, condition: string): ReadonlySet<string> {
  const names = new Set([condition]);
  const type = schema.getType(condition);
  if (!isAbstractType(type)) return names;
  for (const candidate of Object.values(schema.getTypeMap())) {
    if ((isObjectType(candidate) || isInterfaceType(candidate)) && schema.isSubType(type, candidate))
      names.add(candidate.name);
  }
  return names;
}
