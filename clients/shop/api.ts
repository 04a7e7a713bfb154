import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { Refused, ShopError } from './shop-error.ts';
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
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new ShopError(`"${url}" is not a URL of HTTP.`);
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });

  async function post(body: string, token: string | undefined, deadline: number): Promise<Answer> {
    const response = await pool
      .request({
        method: 'POST',
        path: pathname,
        headers: {
          'content-type': 'application/json',
          'x-aisle-client': 'shop',
          ...(token && { authorization: `Bearer ${token}` }),
        },
        body,
        signal: AbortSignal.timeout(Math.max(1, deadline - Date.now())),
      })
      .catch((error: Error & { code?: string }) => {
        const why =
          error.code === 'ECONNREFUSED' ? 'Is it running? Start it with `npm start`.' : error.message;
        throw new ShopError(`${url} cannot be reached. ${why}`, { cause: error });
      });
    const retryAfter = Number(response.headers['retry-after'] ?? 1);
    return { status: response.statusCode, text: await response.body.text(), retryAfter };
  }

  /** 429 and 503 come before anything is done: what was turned away so may be sent again, as politely as asked for. */
  async function patient(body: string, token: string | undefined): Promise<Answer> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const answer = await post(body, token, deadline);
      const pause = Math.min(Math.max(answer.retryAfter || 1, 0.2), 10) * 1_000 * (0.75 + Math.random() / 2);
      if (!TURNED_AWAY.has(answer.status) || Date.now() + pause > deadline) return answer;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  return {
    url,
    async send<Data>(operation: string, variables: Record<string, unknown> = {}, token?: string) {
      const { text, status } = await patient(
        JSON.stringify({ query: document(operation), variables }),
        token,
      );
      const body = parseBody(text, status, operation);
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

interface Answer {
  readonly status: number;
  readonly text: string;
  /** Seconds. */
  readonly retryAfter: number;
}

const TURNED_AWAY = new Set([429, 503]);

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
  throw new Refused(
    `${operation} was refused: ${errors.map(({ code, message }) => `${code} (${message})`).join('; ')}`,
    errors.map(({ code }) => code),
  );
}
