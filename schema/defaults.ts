import {
  astFromValue,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  print,
} from 'graphql';

/**
 * Defaults that are others now, where `findDangerousChanges` does not look: those of input fields, and those of arguments that had none. What a client leaves out means something
 * else from then on.
 */
export function changedDefaults(
  before: GraphQLSchema,
  after: GraphQLSchema,
): { readonly type: string; readonly description: string }[] {
  const changes: { type: string; description: string }[] = [];
  for (const [name, old] of Object.entries(before.getTypeMap())) {
    const now = after.getType(name);
    if (isInputObjectType(old) && isInputObjectType(now)) {
      for (const [key, field] of Object.entries(old.getFields())) {
        const [from, to] = [textOf(field), textOf(now.getFields()[key])];
        if (!now.getFields()[key] || from === to) continue;
        const description = `${name}.${key} has changed defaultValue from ${from} to ${to}.`;
        changes.push({ type: 'INPUT_FIELD_DEFAULT_VALUE_CHANGE', description });
      }
    }
    if (name.startsWith('__') || !(isObjectType(old) || isInterfaceType(old))) continue;
    if (!(isObjectType(now) || isInterfaceType(now))) continue;
    for (const [key, field] of Object.entries(old.getFields())) {
      for (const arg of field.args) {
        const other = now.getFields()[key]?.args.find((one) => one.name === arg.name);
        if (!other || arg.defaultValue !== undefined || other.defaultValue === undefined) continue;
        const description = `${name}.${key} arg ${arg.name} has changed defaultValue from none to ${textOf(other)}.`;
        changes.push({ type: 'ARG_DEFAULT_VALUE_CHANGE', description });
      }
    }
  }
  return changes;
}

function textOf(input: Pick<GraphQLInputField, 'type' | 'defaultValue'> | undefined): string {
  if (input?.defaultValue === undefined) return 'none';
  const node = astFromValue(input.defaultValue, input.type);
  return node ? print(node) : 'none';
}
