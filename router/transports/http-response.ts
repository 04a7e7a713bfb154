import { isObject } from '../engine/own.ts';
import type { SubgraphResponse } from '../engine/types.ts';
import { noteHeaders } from './answer-headers.ts';
import { TransportError } from './transport-error.ts';

/** Of an answer, what its GraphQL response and the keeping of it depend on. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/**
 * The GraphQL response in an HTTP response. A well-formed one counts whatever its status (GraphQL over HTTP allows 4xx and 5xx with errors).
 * @throws TransportError
 */
export function parseResponse(subgraph: string, { status, headers, body }: HttpResponse): SubgraphResponse {
  const ok = status >= 200 && status < 300;
  const contentType = headers['content-type'] ?? '';
  const json = contentType === '' || contentType.includes('json');
  const parsed = json ? tryParse(body) : undefined;
  if (isObject(parsed) && ('data' in parsed || Array.isArray(parsed.errors))) {
    const { 'cache-control': cacheControl, age, vary } = headers;
    if (!ok) noteHeaders(parsed, { cacheControl: 'no-store' });
    else if (cacheControl !== undefined || vary !== undefined)
      noteHeaders(parsed, { cacheControl, age, vary });
    return parsed as SubgraphResponse;
  }
  if (!ok)
    throw new TransportError(
      'SUBGRAPH_HTTP_STATUS',
      subgraph,
      `Subgraph "${subgraph}" answered with HTTP status ${status}`,
      { status },
    );
  if (parsed === undefined)
    throw new TransportError(
      'SUBGRAPH_NOT_JSON',
      subgraph,
      `Subgraph "${subgraph}" did not answer with JSON`,
      { status },
    );
  throw new TransportError(
    'SUBGRAPH_BAD_RESPONSE',
    subgraph,
    `Subgraph "${subgraph}" did not answer with a GraphQL response`,
    { status },
  );
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
