import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const gzipped = promisify(gzip);
const brotlied = promisify(brotliCompress);
/** The level at which compressing costs about as much as sending. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
};

export interface Packed {
  readonly bytes: Buffer;
  readonly encoding: 'br' | 'gzip';
}

/** The text compressed as the client accepts it, off the event loop; `undefined` when it accepts neither brotli nor gzip. */
export function compressed(text: string, accepted: string | string[]): Promise<Packed> | undefined {
  const offers = String(accepted)
    .toLowerCase()
    .split(',')
    .map((offer) => offer.trim());
  const takes = (name: string) =>
    offers.some(
      (offer) => offer === name || (offer.startsWith(`${name};`) && !/;\s*q=0(\.0*)?$/.test(offer)),
    );
  if (takes('br')) return brotlied(text, BROTLI).then((bytes) => ({ bytes, encoding: 'br' }));
  if (takes('gzip')) return gzipped(text, { level: 4 }).then((bytes) => ({ bytes, encoding: 'gzip' }));
  return undefined;
}
