import type { Topology } from '@aisle/platform/bus';
import { openSnsSqsBus, topologyOf } from '@aisle/platform/bus';
import { systemClock } from '@aisle/platform/clock';
import type { Env } from '@aisle/platform/config';
import type { Log } from '@aisle/platform/log';
import { createLifecycle, httpTransport, startSubgraph } from '@aisle/platform/service';
import { createMeter, startTracing } from '@aisle/platform/telemetry';
import { commandsOf } from './commands.ts';
import { type AnyDefinition, loadContexts } from './contexts.ts';
import { subgraphUrls } from './urls.ts';

export interface SubgraphProcessOptions {
  readonly definition: AnyDefinition;
  readonly env: Env;
  readonly log: Log;
  /** 0 takes any free one. */
  readonly port: number;
  /** Names of all subgraphs. */
  readonly names: readonly string[];
}

/** One subgraph behind HTTP: it takes envelopes signed with AISLE_ENVELOPE_KEY and calls the others the same way. */
export async function startSubgraphProcess(
  options: SubgraphProcessOptions,
): Promise<{ url: string; stop(): Promise<void> }> {
  const { definition, env, log, port, names } = options;
  const { name } = definition;
  const envelopeKey = env.AISLE_ENVELOPE_KEY;
  if (!envelopeKey) throw new Error(`${name} needs AISLE_ENVELOPE_KEY.`);
  const lifecycle = createLifecycle();
  const stop = () => lifecycle.stop((stage, error) => log.warn('stop', { stage, error: String(error) }));
  try {
    const tracing = await startTracing({ env, log });
    lifecycle.add('tracing', () => tracing.stop());
    const meter = createMeter();
    const bus = await openSnsSqsBus({ env, log, meter, topology: await topologyFor(definition, env) });
    lifecycle.add('bus', () => bus.close());
    const urls = subgraphUrls(env, names);
    const transport = httpTransport({ from: name, clock: systemClock, envelopeKey, urlOf: (to) => urls[to] });
    lifecycle.add('commands', () => transport.close());
    const commands = commandsOf(name, { meter, transport: transport.send });
    const subgraph = await startSubgraph(definition, { env, log, meter, bus, commands });
    lifecycle.add(name, () => subgraph.stop());
    const server = await subgraph.listen({ port, envelopeKey });
    return { url: `http://127.0.0.1:${server.port}/graphql`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * What this subgraph needs of the topology: its own topic, its own queue, and the topics that feed it. Whoever
 * started it may have worked it out already (AISLE_TOPOLOGY), which spares loading every other context's code.
 */
async function topologyFor({ name }: AnyDefinition, env: Env): Promise<Topology> {
  const whole = env.AISLE_TOPOLOGY
    ? (JSON.parse(env.AISLE_TOPOLOGY) as Topology)
    : topologyOf((await loadContexts()).map(({ definition }) => definition));
  const consumers = whole.consumers.filter((consumer) => consumer.name === name);
  const feeding = new Set(consumers.flatMap(({ wants }) => wants.map(({ producer }) => producer)));
  return {
    producers: whole.producers.filter((producer) => producer === name || feeding.has(producer)),
    consumers,
  };
}
