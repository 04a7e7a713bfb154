import type { HttpRoute } from '@aisle/platform/service';
import type { Ports } from '../store/index.ts';

/** Public keys for verifiers (RFC 7517). Cached briefly, so that a rotated key is known everywhere within minutes. */
export function jwksRoute({ accessTokens }: Ports): HttpRoute {
  return async (_request, response) => {
    response.writeHead(200, {
      'content-type': 'application/jwk-set+json',
      'cache-control': 'public, max-age=300',
    });
    response.end(JSON.stringify(accessTokens.jwks()));
  };
}
