import type { Clock } from '@aisle/platform/clock';
import { ENVELOPE_HEADER, sealEnvelope } from '@aisle/platform/identity';
import type { Meter } from '@aisle/platform/telemetry';
import type { SubgraphTransport } from '../engine/index.ts';
import { tracedTransport } from '../tracing/index.ts';
import { httpTransport, inMemoryTransport, type SignRequest } from '../transports/index.ts';
import type { CallbackRoute } from './callback-endpoint.ts';
import type { RouterOptions } from './options.ts';
import { guardTransport } from './traffic/guarded-transport.ts';
import { createGuards } from './traffic/guards.ts';
import { shareCalls } from './traffic/shared-calls.ts';
import { createSubgraphMetrics, type SubgraphMetrics } from './traffic/subgraph-metrics.ts';
import { settingsOf } from './traffic/subgraph-settings.ts';

export interface TransportsOptions extends Pick<RouterOptions, 'hosts' | 'envelopeKey'> {
  /** Do equal calls in flight share one? Read at each call. */
  readonly deduplicate: () => boolean;
  /** What takes in the events that subgraphs post. */
  readonly callback: Pick<CallbackRoute, 'callbacks' | 'isReachable'>;
  readonly clock: Clock;
  readonly meter: Meter;
}

/** How each subgraph is reached: in this process when it is hosted here, otherwise over HTTP, guarded, with the signed envelope. */
export function createTransports(
  options: TransportsOptions,
): (
  settings: Pick<RouterOptions, 'routingUrls' | 'subgraphs'>,
) => (name: string, url: string) => SubgraphTransport {
  const { hosts, envelopeKey, callback, clock, meter } = options;
  const metrics = createSubgraphMetrics(meter);
  const guards = createGuards(clock);
  const epoch = { current: 0 };
  return ({ routingUrls, subgraphs }) =>
    (name, url) => {
      const settings = settingsOf(name, subgraphs);
      const shared = (transport: SubgraphTransport) =>
        shareCalls(transport, {
          name,
          enabled: () => settings.deduplicate && options.deduplicate(),
          epoch,
          onJoined: () => metrics.joined(name),
        });
      const host = hosts && Object.hasOwn(hosts, name) ? hosts[name] : undefined;
      if (host)
        return shared(tracedTransport(name, undefined, measured(inMemoryTransport(host), name, metrics)));
      const address = routingUrls && Object.hasOwn(routingUrls, name) ? routingUrls[name] : url;
      if (!address || !URL.canParse(address)) {
        throw new Error(`The supergraph has no usable routing URL for the subgraph "${name}".`);
      }
      const { timeout, connections, maxResponseBytes, subscriptions, subscriptionUrl } = settings;
      if (subscriptions === 'callback' && !callback.isReachable) {
        throw new Error(
          `The subgraph "${name}" posts its events, and callback.publicUrl does not say where this router is.`,
        );
      }
      const transport = httpTransport({
        name,
        url: address,
        timeout,
        connections,
        maxResponseBytes,
        callbacks: callback.callbacks,
        ...(subscriptions && { subscriptions }),
        ...(subscriptionUrl && { subscriptionUrl }),
        ...(envelopeKey !== undefined && { sign: signer(name, envelopeKey, timeout, () => clock.now()) }),
      });
      const guarded = tracedTransport(name, address, transport, (tried) =>
        guardTransport(tried, { name, settings, metrics, clock, guard: guards(name, address, settings) }),
      );
      return shared(guarded);
    };
}

/** Calls in memory are counted as those over HTTP are, and need none of what guards these. */
function measured(transport: SubgraphTransport, name: string, metrics: SubgraphMetrics): SubgraphTransport {
  return {
    ...transport,
    async execute(request) {
      const started = performance.now();
      let outcome = 'REJECTED';
      try {
        const response = await transport.execute(request);
        outcome = 'ok';
        return response;
      } finally {
        metrics.call(name, outcome, (performance.now() - started) / 1000);
      }
    },
  };
}

/**
 * Vouches for the caller towards one subgraph: who, until when, and for exactly this body. A subgraph is told when this
 * very call is given up, which may be before the operation is: what it can say by then is worth more than silence.
 */
function signer(audience: string, key: string, timeout: number, now: () => number): SignRequest {
  return ({ kind, context: { caller, requestId, deadline, clientAddress } }, body) => ({
    [ENVELOPE_HEADER]: sealEnvelope(
      {
        caller,
        issuer: 'router',
        audience,
        requestId,
        issuedAt: now(),
        deadline: kind === 'subscription' ? deadline : Math.min(deadline, now() + timeout),
        ...(clientAddress !== undefined && { clientAddress }),
      },
      body,
      key,
    ),
  });
}
