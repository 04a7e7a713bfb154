import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { ShopError } from './shop-error.ts';
import type { UserError } from './types.ts';

const FOLDER = join(import.meta.dirname, 'operations');
const documents = new Map<string, string>();

/** Text of a registered operation: `operations/<name>.graphql`. */
export function document(name: string): string {
  let text = documents.get(name);
  if (text === undefined) {
    text = readFileSync(join(FOLDER, `${name}.graphql`), 'utf8');
    documents.set(name, text);
  }
  return text;
}

export interface ApiOptions {
  /** The public API, e.g. `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** Requests at once. @default 32 */
  readonly connections?: number;
  /** Longest a request may take, milliseconds. @default 30 000 */
  readonly timeoutMs?: number;
}

export interface Api {
  readonly url: string;
  /** @throws ShopError when the answer has errors or does not come. */
  send<Data>(operation: string, variables?: Record<string, unknown>, token?: string): Promise<Data>;
  close(): Promise<void>;
}

interface Body {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly unknown[] }[];
}

/** The marketplace's public API over HTTP. */
export function openApi({ url, connections = 32, timeoutMs = 30_000 }: ApiOptions): Api {
  if (!URL.canParse(url)) throw new ShopError(`"${url}" is not a URL.`);
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });

  return {
    url,
    async send<Data>(operation: string, variables: Record<string, unknown> = {}, token?: string) {
      const response = await pool
        .request({
          method: 'POST',
          path: pathname,
          headers: {
            'content-type': 'application/json',
            'x-aisle-client': 'shop',
            ...(token && { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify({ query: document(operation), variables }),
          signal: AbortSignal.timeout(timeoutMs),
        })
        .catch((error: Error & { code?: string }) => {
          const why =
            error.code === 'ECONNREFUSED' ? 'Is it running? Start it with `npm start`.' : error.message;
          throw new ShopError(`${url} cannot be reached. ${why}`, { cause: error });
        });
      const text = await response.body.text();
      const body = parseBody(text, response.statusCode, operation);
      if (body.errors?.length) {
        const details = body.errors.map(({ message, path }) =>
          path ? `${path.join('.')}: ${message}` : message,
        );
        throw new ShopError(`${operation} failed: ${details.slice(0, 3).join('; ')}`);
      }
      return body.data as Data;
    },
    close: () => pool.close(),
  };
}

function parseBody(text: string, status: number, operation: string): Body {
  try {
    const body = JSON.parse(text) as Body;
    if (body.data || body.errors?.length) return body;
  } catch {}
  throw new ShopError(`${operation} was answered with status ${status} and no GraphQL answer.`);
}

/** The entity of a mutation's payload. @throws ShopError with what was refused. */
export function granted<Value>(
  operation: string,
  value: Value | null | undefined,
  errors: readonly UserError[],
): Value {
  if (value != null && errors.length === 0) return value;
  throw new ShopError(
    `${operation} was refused: ${errors.map(({ code, message }) => `${code} (${message})`).join('; ')}`,
  );
}
