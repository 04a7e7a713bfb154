import type { Meter } from '@aisle/platform/telemetry';
import type { Exchange } from './exchange.ts';

export interface HealthOptions {
  readonly meter: Meter;
  readonly draining: () => boolean;
  /** SHA-256 of the supergraph that is served. */
  readonly supergraphId: () => string;
}

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

/** Answers the probes and the scrape; `false` for any other path. */
export function createHealth({
  meter,
  draining,
  supergraphId,
}: HealthOptions): (exchange: Exchange, path: string) => boolean {
  return (exchange, path) => {
    switch (path) {
      case '/health/live':
        answer(exchange, true, { status: 'ok' });
        return true;
      case '/health':
      case '/health/ready':
        answer(exchange, !draining(), { status: draining() ? 'draining' : 'ok', supergraph: supergraphId() });
        return true;
      case '/metrics':
        exchange.send(200, TEXT, meter.render());
        return true;
      default:
        return false;
    }
  };
}

function answer(exchange: Exchange, ok: boolean, body: object): void {
  exchange.send(ok ? 200 : 503, 'application/json; charset=utf-8', JSON.stringify(body));
}
