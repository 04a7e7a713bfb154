import { type ASTNode, GraphQLError } from 'graphql';

/** The limits a document can break, as clients see them in `extensions.code`. */
export type LimitCode =
  | 'LIMIT_TOKENS'
  | 'LIMIT_DEPTH'
  | 'LIMIT_ALIASES'
  | 'LIMIT_DIRECTIVES'
  | 'LIMIT_REPEATS'
  | 'LIMIT_FIELDS'
  | 'LIMIT_PAGE'
  | 'LIMIT_COST'
  | 'LIMIT_SUBSCRIPTIONS'
  | 'INTROSPECTION_DISABLED';

/** A refusal that answers 400 whatever the client accepts: the operation was never planned. */
export function limitError(code: LimitCode, message: string, node?: ASTNode): GraphQLError {
  return new GraphQLError(message, { extensions: { code }, ...(node && { nodes: [node] }) });
}

export function isLimitCode(code: unknown): code is LimitCode {
  return typeof code === 'string' && (code.startsWith('LIMIT_') || code === 'INTROSPECTION_DISABLED');
}
