import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Params } from './params.ts';
import { Refusal } from './refusal.ts';
import type { RegisteredOperations } from './registered-operations.ts';

export interface PersistedOptions {
  /** Automatically persisted documents kept in this process. @default 1000 */
  readonly most?: number;
  readonly registered?: RegisteredOperations;
  /** True: nothing but registered operations runs. */
  readonly safelist?: boolean;
}

export interface Persisted {
  /**
   * The document a request means: by hash or document id, by text, or both.
   * @throws Refusal 400 for a hash that is malformed or of another text
   */
  documentOf(params: Params): string | GraphQLError;
  /** Keeps a document that turned out to be good, when its request asked for that. */
  keep(params: Params): void;
}

const HASH = /^[0-9a-f]{64}$/;
/** Longest document kept: as many characters as the token limit leaves room for. */
const LONGEST = 64 * 1024;

/** Automatic persisted queries (Apollo's protocol) and registered operations. */
export function createPersisted({
  most = 1000,
  registered,
  safelist = false,
}: PersistedOptions = {}): Persisted {
  const kept = new Map<string, string>();

  return {
    documentOf(params) {
      const { query } = params;
      const hash = idOf(params);
      if (safelist) return allowed(query, hash);
      if (hash === undefined) {
        if (query === undefined) throw new Refusal(400, 'BAD_REQUEST', 'The request has no query.');
        return query;
      }
      if (query !== undefined) {
        if (sha256(query) !== hash) {
          throw new Refusal(
            400,
            'PERSISTED_QUERY_HASH_MISMATCH',
            'The hash is not the SHA-256 of the query.',
          );
        }
        return query;
      }
      return registered?.byId(hash) ?? recall(hash) ?? notFound();
    },
    keep({ query, extensions }) {
      const hash = extensions === undefined ? undefined : hashOf(extensions);
      if (hash === undefined || query === undefined || query.length > LONGEST || kept.has(hash)) return;
      if (kept.size >= most) kept.delete(kept.keys().next().value as string);
      kept.set(hash, query);
    },
  };

  function allowed(query: string | undefined, hash: string | undefined): string | GraphQLError {
    const byId = hash === undefined ? undefined : registered?.byId(hash);
    const known = query === undefined ? byId : registered?.bySpelling(query);
    if (known !== undefined) return known;
    return new GraphQLError('Only registered operations run here.', {
      extensions: { code: 'OPERATION_NOT_REGISTERED' },
    });
  }

  /** What is used stays: the map is ordered by use. */
  function recall(hash: string): string | undefined {
    const text = kept.get(hash);
    if (text === undefined) return undefined;
    kept.delete(hash);
    kept.set(hash, text);
    return text;
  }
}

/** Clients send the text along when they read this message. */
const notFound = () =>
  new GraphQLError('PersistedQueryNotFound', { extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });

/** The GraphQL-over-HTTP draft's `documentId`, with or without its `sha256:`, or the hash of Apollo's protocol. */
function idOf({ documentId, extensions }: Params): string | undefined {
  if (documentId !== undefined) return documentId.replace(/^sha256:/, '');
  return extensions === undefined ? undefined : hashOf(extensions);
}

function hashOf(extensions: Readonly<Record<string, unknown>>): string | undefined {
  const asked = extensions.persistedQuery;
  if (asked === undefined || asked === null) return undefined;
  const { version, sha256Hash } = asked as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1 || typeof sha256Hash !== 'string' || !HASH.test(sha256Hash)) {
    throw new Refusal(
      400,
      'BAD_REQUEST',
      '"extensions.persistedQuery" needs version 1 and the SHA-256 in hexadecimal digits.',
    );
  }
  return sha256Hash;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
