import { Refusal } from './refusal.ts';

/** One GraphQL request, its parts of the right types and nothing else known about them. */
export interface Params {
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
  /** Names a registered or persisted document instead of `query`. */
  readonly documentId?: string | undefined;
}

const bad = (message: string) => new Refusal(400, 'BAD_REQUEST', message);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The parameters of a POST. @throws Refusal 400 */
export function paramsOfBody(body: string): Params {
  if (body === '') throw bad('The request has no body.');
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw bad('The body is not JSON.');
  }
  if (Array.isArray(value))
    throw new Refusal(400, 'BATCHING_NOT_SUPPORTED', 'Send one operation per request, not a list.');
  if (!isMap(value)) throw bad('The body is not a JSON object.');
  return paramsOf(value);
}

/** The parameters of a GET. @throws Refusal 400 */
export function paramsOfUrl(search: URLSearchParams): Params {
  const one = (name: string) => {
    const values = search.getAll(name);
    if (values.length > 1) throw bad(`The parameter "${name}" is given more than once.`);
    return values[0] || undefined;
  };
  const json = (name: string) => {
    const text = one(name);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw bad(`The parameter "${name}" is not JSON.`);
    }
  };
  return paramsOf({
    query: one('query'),
    operationName: one('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
    documentId: one('documentId'),
  });
}

/** @throws Refusal 400 */
export function paramsOf(value: Readonly<Record<string, unknown>>): Params {
  const { query, operationName, variables, extensions, documentId } = value;
  const text = (part: unknown, name: string) => {
    if (part === undefined || part === null) return undefined;
    if (typeof part !== 'string') throw bad(`"${name}" is not a string.`);
    return part;
  };
  const map = (part: unknown, name: string) => {
    if (part === undefined || part === null) return undefined;
    if (!isMap(part)) throw bad(`"${name}" is not an object.`);
    return part;
  };
  return {
    // Over WebSocket it may not be left out: what goes by its id has an empty one.
    query: text(query, 'query') || undefined,
    operationName: text(operationName, 'operationName'),
    variables: map(variables, 'variables'),
    extensions: map(extensions, 'extensions'),
    documentId: text(documentId, 'documentId'),
  };
}
