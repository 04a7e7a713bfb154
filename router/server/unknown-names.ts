import type { OperationTypeNode } from 'graphql';
import type { Engine } from '../engine/index.ts';
import type { Reconfigurable } from './live-settings.ts';

/** Of the settings that go by names of the graph, those whose name it does not have: a slip of the pen there would otherwise go unnoticed, and the setting without effect. */
export function unknownNames(
  { subgraphs, routingUrls, cache, traffic }: Reconfigurable,
  { subgraphs: parts, apiSchema }: Pick<Engine, 'subgraphs' | 'apiSchema'>,
): string[] {
  const names = new Set(parts.map(({ name }) => name));
  const root = (...types: `${OperationTypeNode}`[]) =>
    new Set(
      types.flatMap((type) =>
        Object.keys(apiSchema.getRootType(type as OperationTypeNode)?.getFields() ?? {}),
      ),
    );
  const shedding = traffic?.shedding || undefined;
  return [
    ...missing('subgraphs', subgraphs, new Set([...names, 'all'])),
    ...missing('routingUrls', routingUrls, names),
    ...missing('cache.subgraphs', cache?.subgraphs, names),
    ...missing('cache.mutations', cache?.mutations, root('mutation')),
    ...missing(
      'traffic.shedding.priorities',
      shedding?.priorities,
      root('query', 'mutation', 'subscription'),
    ),
    ...(traffic?.sharedSubscriptions ?? [])
      .filter((field) => !root('subscription').has(field))
      .map((field) => `traffic.sharedSubscriptions: ${field}`),
  ];
}

const missing = (where: string, settings: object | undefined, known: ReadonlySet<string>) =>
  Object.keys(settings ?? {})
    .filter((name) => !known.has(name))
    .map((name) => `${where}.${name}`);
