import { deliveryTerms as termsOf } from '../../domain/delivery.ts';
import type { QueryResolvers } from '../../generated/schema.ts';

export const deliveryTerms: NonNullable<QueryResolvers['deliveryTerms']> = (_, { region }, { caller }) =>
  termsOf(region ?? caller.region);
