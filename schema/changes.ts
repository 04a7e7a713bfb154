import {
  BreakingChangeType,
  DangerousChangeType,
  type DocumentNode,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  Kind,
  validate,
} from 'graphql';
import { changedDefaults } from './defaults.ts';
import { type Usage, usageOf } from './usage.ts';

export interface RegisteredOperation {
  /** `web:ProductPage` */
  readonly name: string;
  readonly document: DocumentNode;
}

export interface Verdict {
  /** Changes that break an operation some client has registered, and which ones. */
  readonly breaking: readonly string[];
  /** Breaking by the letter or dangerous, with the operations that may meet it, if any. */
  readonly noticed: readonly string[];
}

interface Change {
  readonly type: string;
  readonly description: string;
}

/** Most problems told of one operation. */
const MOST = 3;

/** Judges what changed between two public APIs by what the clients really send. */
export function judge(
  before: GraphQLSchema,
  after: GraphQLSchema,
  operations: readonly RegisteredOperation[],
): Verdict {
  const changes: readonly Change[] = [
    ...findBreakingChanges(before, after),
    ...findDangerousChanges(before, after),
    ...changedDefaults(before, after),
  ];
  const used = operations
    .filter(({ document }) => problemsOf(before, document).length === 0)
    .map(({ name, document }) => ({ name, document, usage: usageOf(before, document) }));
  const known = new Set(used.map(({ name }) => name));
  const strange = operations
    .filter(({ name, document }) => !known.has(name) && problemsOf(after, document).length > 0)
    .map(
      ({ name, document }) => `${name} is not valid for the accepted API: ${problemsOf(before, document)[0]}`,
    );
  const breaking = used.flatMap(({ name, document, usage }) => {
    // An operation may be valid and its client broken all the same: by a null that was none, by an input that is not taken any more.
    const invalid = problemsOf(after, document);
    const broken = changes.filter((change) => breaks(change, usage)).map(({ description }) => description);
    return (invalid.length > 0 ? invalid : broken).slice(0, MOST).map((what) => `breaks ${name}: ${what}`);
  });
  const noticed = changes.map((change) => {
    const who = used.filter(({ usage }) => breaks(change, usage) || surprises(change, usage));
    const names = who.length > 0 ? ` (met by ${who.map(({ name }) => name).join(', ')})` : '';
    return `${change.type}: ${change.description}${names}`;
  });
  return { breaking: [...breaking, ...strange], noticed };
}

function problemsOf(schema: GraphQLSchema, document: DocumentNode): string[] {
  const rootless = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION && !schema.getRootType(node.operation)
      ? [`The API has no ${node.operation}s.`]
      : [],
  );
  return [...rootless, ...validate(schema, document).map(({ message }) => message)];
}

/** Does the client of an operation that uses this break, however valid the operation is? */
function breaks({ type, description }: Change, { fields, outputs, inputs }: Usage): boolean {
  const named = (pattern: RegExp) => pattern.exec(description) ?? ['', '', '', ''];
  switch (type) {
    case BreakingChangeType.FIELD_REMOVED:
    case BreakingChangeType.FIELD_CHANGED_KIND: {
      const [, owner, field] = named(/^(\w+)\.(\w+) /);
      return fields.has(`${owner}.${field}`) || inputs.has(owner!);
    }
    case BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED:
      return inputs.has(named(/on input type (\w+) was added/)[1]!);
    case BreakingChangeType.VALUE_REMOVED_FROM_ENUM:
      return inputs.has(named(/from enum type (\w+)/)[1]!);
    case BreakingChangeType.TYPE_CHANGED_KIND: {
      const [, name] = named(/^(\w+) changed from/);
      return inputs.has(name!) || outputs.has(name!);
    }
    case BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED:
      return outputs.has(named(/no longer implements interface (\w+)/)[1]!);
    default:
      // Types, arguments and directives make an operation invalid that names them.
      return false;
  }
}

/** May the client of an operation that uses this get, or mean, something it does not know of? */
function surprises({ type, description }: Change, { fields, args, outputs, inputs }: Usage): boolean {
  const named = (pattern: RegExp) => pattern.exec(description) ?? ['', '', '', ''];
  switch (type) {
    case DangerousChangeType.VALUE_ADDED_TO_ENUM:
    case BreakingChangeType.VALUE_REMOVED_FROM_ENUM:
      return outputs.has(named(/ enum type (\w+)/)[1]!);
    case DangerousChangeType.TYPE_ADDED_TO_UNION:
    case BreakingChangeType.TYPE_REMOVED_FROM_UNION:
      return outputs.has(named(/ union type (\w+)/)[1]!);
    case DangerousChangeType.IMPLEMENTED_INTERFACE_ADDED:
      return outputs.has(named(/^(\w+) added to interfaces/)[1]!);
    case DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE: {
      const [, field, arg] = named(/^(\w+\.\w+) arg (\w+) /);
      return fields.has(field!) && !args.has(`${field}(${arg})`);
    }
    case 'INPUT_FIELD_DEFAULT_VALUE_CHANGE':
      return inputs.has(named(/^(\w+)\./)[1]!);
    default:
      return false;
  }
}
