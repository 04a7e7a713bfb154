import type { IncomingMessage, ServerResponse } from 'node:http';
import { createLru } from '@aisle/platform/cache';
import type { HttpRoute } from '@aisle/platform/service';
import { drawPicture } from '../domain/picture/draw.ts';
import { variantLabel } from '../domain/product.ts';
import type { Ports } from '../store/index.ts';
import { mediaVersion, skuOfMedia } from './media-address.ts';
import type { ProductVariant } from './models.ts';

const DRAWN = 1_000;
const YEAR = 31_536_000;
/** A picture holds no script, and a browser that opens it on its own shall not look for one. */
const SAFE = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
};

/** `GET /media/med_….svg`: drawn on demand, kept by browsers for ever under its versioned address. */
export function mediaRoute({ reads }: Pick<Ports, 'reads'>): HttpRoute {
  const drawn = createLru<string>(DRAWN);

  async function find(id: string): Promise<ProductVariant | undefined> {
    const sku = skuOfMedia(id);
    const productId = await reads.bySku.get(sku);
    const product = productId === null ? null : await reads.products.get(productId);
    const variant = product?.variants.find((candidate) => candidate.sku === sku);
    return product && variant ? { product, variant } : undefined;
  }

  async function draw({ product, variant }: ProductVariant, key: string): Promise<string> {
    const known = drawn.get(key);
    if (known) return known;
    const brand = product.brandId === null ? undefined : (await reads.brands()).byId(product.brandId);
    const name =
      brand && product.title.startsWith(`${brand.name} `)
        ? product.title.slice(brand.name.length + 1)
        : product.title;
    const text = { brand: brand?.name ?? '', name, size: variantLabel(variant) };
    const svg = drawPicture(product.picture, text, variant.packs);
    drawn.set(key, svg);
    return svg;
  }

  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://media');
    const id = /^\/media\/(med_[0-9a-z]{4,40})\.svg$/.exec(url.pathname)?.[1];
    const entry = id && (await find(id));
    if (!entry) return void response.writeHead(404, { 'cache-control': 'public, max-age=60', ...SAFE }).end();
    const version = mediaVersion(entry);
    const etag = `"${version}"`;
    const current = url.searchParams.get('v') === version;
    const caching = current ? `public, max-age=${YEAR}, immutable` : 'public, max-age=300, must-revalidate';
    const headers = { etag, 'cache-control': caching, ...SAFE };
    if (isKnown(request, etag)) return void response.writeHead(304, headers).end();
    send(request, response, await draw(entry, `${id} ${version}`), headers);
  };
}

function isKnown(request: IncomingMessage, etag: string): boolean {
  const given = request.headers['if-none-match'];
  return (
    given !== undefined &&
    (given === '*' || given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag))
  );
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  svg: string,
  headers: Record<string, string>,
): void {
  const body = Buffer.from(svg);
  response.writeHead(200, {
    'content-type': 'image/svg+xml; charset=utf-8',
    'content-length': body.length,
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
