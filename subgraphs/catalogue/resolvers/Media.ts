import { variantLabel } from '../domain/product.ts';
import type { MediaResolvers } from '../generated/schema.ts';
import { mediaId, mediaPath } from './media-address.ts';

export const Media: MediaResolvers = {
  id: (entry) => mediaId(entry),
  url: (entry, _, { ports }) => ports.mediaUrl(mediaPath(entry)),
  alt: ({ product, variant }) => `Drawing of ${product.title}, ${variantLabel(variant)}`,
  contentType: () => 'image/svg+xml',
};
