import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { AisleEvent } from '@aisle/platform/bus';
import { buildSchema, type GraphQLSchema, isInputObjectType } from 'graphql';
import { type CacheRules, cacheRulesOf, parseTemplate } from '../../router/cache/index.ts';
import { ROOT } from '../settings.ts';
import { CACHE, type CACHE_EVENTS, tagsOf } from './cache.ts';

const DATA: Readonly<Record<keyof typeof CACHE_EVENTS, object>> = {
  'ProductChanged.v1': { productId: 'prd_1', sellerId: 'sel_1', skus: ['sku_1', 'sku_2'] },
  'ProductWithdrawn.v1': { productId: 'prd_1', skus: ['sku_1', 'sku_2'] },
  'PriceChanged.v1': { sku: 'sku_1', region: 'eu' },
  'StockUpdated.v1': { sku: 'sku_1', region: 'eu' },
  'SellerApproved.v1': { sellerId: 'sel_1' },
  'SellerSuspended.v1': { sellerId: 'sel_1' },
};
const event = (type: string, data: object) => ({ type, data }) as AisleEvent;

describe("what outdates answers in the router's cache", () => {
  let rules: CacheRules;
  let api: GraphQLSchema;
  before(async () => {
    rules = cacheRulesOf(await readFile(join(ROOT, 'schema/supergraph.graphql'), 'utf8'));
    api = buildSchema(await readFile(join(ROOT, 'schema/api.graphql'), 'utf8'));
  });
  const formats = () => [...rules.values()].flatMap(({ tags }) => [...tags.values()].flat());

  for (const [type, data] of Object.entries(DATA))
    it(`${type} has the tags of the SDL`, () => {
      const tags = tagsOf(event(type, data));
      assert.ok(tags.length > 0);
      for (const tag of tags)
        assert.ok(
          formats().some((format) => format.matches(tag)),
          tag,
        );
    });

  it('a product outdates itself, its variants, its seller’s shelf and every list', () => {
    assert.deepEqual(tagsOf(event('ProductChanged.v1', DATA['ProductChanged.v1'])).sort(), [
      'product-prd_1',
      'products',
      'seller-products-sel_1',
      'variant-sku_1',
      'variant-sku_2',
    ]);
  });

  it('any other event outdates nothing', () => {
    assert.deepEqual(tagsOf(event('OrderPlaced.v1', {})), []);
    assert.deepEqual(tagsOf(event('constructor', {})), []);
  });

  it('mutations name fields and arguments that there are, and tags of the SDL', () => {
    for (const [name, tags] of Object.entries(CACHE.mutations ?? {})) {
      const field = api.getMutationType()?.getFields()[name];
      assert.ok(field, name);
      for (const tag of tags) {
        const { paths, fill } = parseTemplate(name, tag);
        assert.ok(
          formats().some((format) => format.matches(fill(paths.map(() => 'x')) ?? '')),
          tag,
        );
        for (const [argument, key = ''] of paths) {
          const input = field.args
            .find((arg) => arg.name === argument)
            ?.type.toString()
            .replace('!', '');
          const type = api.getType(input ?? '');
          assert.ok(isInputObjectType(type) && type.getFields()[key], `${name} ${tag}`);
        }
      }
    }
  });
});
