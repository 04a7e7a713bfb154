import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import type { Exchange } from '../server/exchange.ts';
import type { DemoLogin, Sample } from '../server/options.ts';

export interface ExplorerOptions {
  readonly demoLogins: readonly DemoLogin[] | (() => Promise<readonly DemoLogin[]>);
  readonly samples: readonly Sample[];
}

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const;
const FILES = [
  'index.html',
  'style.css',
  'app.js',
  'completion.js',
  'editor.js',
  'events.js',
  'history.js',
  'highlight.js',
  'operations.js',
  'plan.js',
  'schema.js',
  'schema-view.js',
] as const;

/** Everything comes from the router itself: nothing else may be loaded, framed or sent to. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** The explorer of development mode: answers its own paths, `false` for any other. */
export function createExplorer({
  demoLogins,
  samples,
}: ExplorerOptions): (exchange: Exchange, path: string) => boolean {
  const page = new Map(
    FILES.map((name) => [name as string, readFileSync(join(import.meta.dirname, 'page', name), 'utf8')]),
  );

  const file = (exchange: Exchange, name: string): boolean => {
    const content = page.get(name);
    if (content === undefined) return false;
    const kind = name.slice(name.lastIndexOf('.') + 1) as keyof typeof TYPES;
    exchange.send(200, TYPES[kind], content, SECURITY_HEADERS);
    return true;
  };

  /** `?text=`: the operation as graphql-js prints it; 422 for what it cannot read or would lose (comments). */
  function format(exchange: Exchange): void {
    const text = new URL(exchange.request.url ?? '', 'http://router').searchParams.get('text') ?? '';
    try {
      if (text.includes('#')) throw new Error('Comments would be lost.');
      exchange.send(
        200,
        'text/plain; charset=utf-8',
        print(parse(text, { maxTokens: 10_000 })),
        SECURITY_HEADERS,
      );
    } catch (error) {
      exchange.send(422, 'text/plain; charset=utf-8', (error as Error).message, SECURITY_HEADERS);
    }
  }

  async function settings(exchange: Exchange): Promise<void> {
    // Logins may come from a store that is still filling: without them the explorer works as well.
    const logins = typeof demoLogins === 'function' ? await demoLogins().catch(() => []) : demoLogins;
    exchange.send(
      200,
      'application/json; charset=utf-8',
      JSON.stringify({ logins, samples }),
      SECURITY_HEADERS,
    );
  }

  return (exchange, path) => {
    if (path === '/' || path === '/graphql') return file(exchange, 'index.html');
    if (path === '/explorer/settings.json') {
      void settings(exchange);
      return true;
    }
    if (path === '/explorer/format') {
      format(exchange);
      return true;
    }
    return path.startsWith('/explorer/') && file(exchange, path.slice('/explorer/'.length));
  };
}
