import type { SubgraphDefinition } from '@aisle/platform/service';
import type { CatalogueConfig } from '../config.ts';
import type { Ports } from '../store/index.ts';

/** The catalogue needs nothing of the others: it is what they are about. */
export const consumed: NonNullable<SubgraphDefinition<CatalogueConfig, Ports>['consumes']> = {};
