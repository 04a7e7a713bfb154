import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../router/server/index.ts';
import type { Manifest } from '../../schema/operations.ts';
import { ROOT } from '../settings.ts';

/** What a newcomer finds in the explorer, of what the web shop sends: each runs as it stands, the last two for a buyer who is signed in. */
const OFFERED: readonly (Omit<Sample, 'query'> & { readonly operation: string })[] = [
  {
    title: 'The storefront: catalogue, prices and stock',
    operation: 'web:Storefront',
    variables: { region: 'EU', first: 5 },
  },
  { title: 'My account: orders and their payments', operation: 'web:Account', variables: { first: 5 } },
  { title: 'Follow my orders live', operation: 'web:OrderTracking' },
];

/** @throws when an operation is not registered (any more) */
export function samples(): Sample[] {
  const { operations } = JSON.parse(readFileSync(join(ROOT, 'schema/operations.json'), 'utf8')) as Manifest;
  return OFFERED.map(({ operation, ...sample }) => {
    const found = operations.find(({ name }) => name === operation);
    if (!found) throw new Error(`The operation ${operation} is not registered: run \`npm run operations\`.`);
    return { ...sample, query: found.body };
  });
}
