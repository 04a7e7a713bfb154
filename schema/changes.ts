import {
  type DocumentNode,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  validate,
} from 'graphql';

export interface RegisteredOperation {
  /** `web:ProductPage` */
  readonly name: string;
  readonly document: DocumentNode;
}

export interface Verdict {
  /** Changes that break an operation some client has registered, and which ones. */
  readonly breaking: readonly string[];
  /** Breaking by the letter or dangerous, but no registered operation notices. */
  readonly noticed: readonly string[];
}

/** Judges what changed between two public APIs by what the clients really send. */
export function judge(
  before: GraphQLSchema,
  after: GraphQLSchema,
  operations: readonly RegisteredOperation[],
): Verdict {
  const broken = operations.flatMap(({ name, document }) =>
    validate(before, document).length === 0
      ? validate(after, document)
          .slice(0, 3)
          .map((error) => `breaks ${name}: ${error.message}`)
      : [`${name} is not valid for the accepted API: ${validate(before, document)[0]!.message}`].filter(
          () => validate(after, document).length > 0,
        ),
  );
  const noticed = [...findBreakingChanges(before, after), ...findDangerousChanges(before, after)].map(
    (change) => `${change.type}: ${change.description}`,
  );
  return { breaking: broken, noticed };
}
