import type { Log } from '@aisle/platform/log';
import type { OperationTypeNode } from 'graphql';
import type { Engine } from '../engine/index.ts';
import type { Reconfigurable } from './live-settings.ts';

type Graph = Pick<Engine, 'subgraphs' | 'apiSchema'>;

/**
 * Settings that go by the name of a subgraph the supergraph does not have: a slip of the pen that would leave the subgraph that is meant with other time-outs, or at another address.
 * @throws naming them all
 */
export function refuseUnknownSubgraphs(settings: Reconfigurable, graph: Graph): void {
  const unknown = unknownSubgraphs(settings, graph);
  if (unknown.length === 0) return;
  const known = graph.subgraphs.map(({ name }) => name).join(', ');
  throw new Error(
    `The settings name subgraphs that the supergraph does not have: ${unknown.join(', ')}. It has: ${known}.`,
  );
}

/** The same of a supergraph that is served already, which may come before the settings that go with it and after them; and settings of root fields, which come and go. */
export function warnOfUnknownNames(settings: Reconfigurable, graph: Graph, log: Log): void {
  const unknown = [...unknownSubgraphs(settings, graph), ...unknownFields(settings, graph)];
  if (unknown.length > 0) log.warn('settings name what the supergraph does not have', { unknown });
}

function unknownSubgraphs({ subgraphs, routingUrls, cache }: Reconfigurable, graph: Graph): string[] {
  const names = new Set(graph.subgraphs.map(({ name }) => name));
  return [
    ...missing('subgraphs', subgraphs, new Set([...names, 'all'])),
    ...missing('routingUrls', routingUrls, names),
    ...missing('cache.subgraphs', cache?.subgraphs, names),
  ];
}

function unknownFields({ cache, traffic }: Reconfigurable, { apiSchema }: Graph): string[] {
  const root = (...types: `${OperationTypeNode}`[]) =>
    new Set(
      types.flatMap((type) =>
        Object.keys(apiSchema.getRootType(type as OperationTypeNode)?.getFields() ?? {}),
      ),
    );
  const shedding = traffic?.shedding || undefined;
  const streams = root('subscription');
  return [
    ...missing('cache.mutations', cache?.mutations, root('mutation')),
    ...missing(
      'traffic.shedding.priorities',
      shedding?.priorities,
      root('query', 'mutation', 'subscription'),
    ),
    ...(traffic?.sharedSubscriptions ?? [])
      .filter((field) => !streams.has(field))
      .map((field) => `traffic.sharedSubscriptions: ${field}`),
  ];
}

const missing = (where: string, settings: object | undefined, known: ReadonlySet<string>) =>
  Object.keys(settings ?? {})
    .filter((name) => !known.has(name))
    .map((name) => `${where}.${name}`);
