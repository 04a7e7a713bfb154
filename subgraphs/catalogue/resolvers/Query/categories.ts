import type { QueryResolvers } from '../../generated/schema.ts';
import { tree } from '../loaders.ts';

export const categories: NonNullable<QueryResolvers['categories']> = async (_, __, scope) => [
  ...(await tree(scope)).roots,
];
