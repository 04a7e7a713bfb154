import { ENVELOPE_HEADER, sealEnvelope } from '@aisle/platform/identity';
import type { SubgraphTransport } from '../engine/index.ts';
import { httpTransport, inMemoryTransport, type SignRequest } from '../transports/index.ts';
import type { RouterOptions } from './options.ts';

export interface TransportsOptions extends Pick<RouterOptions, 'hosts' | 'routingUrls' | 'envelopeKey'> {
  readonly now: () => number;
}

/** How each subgraph is reached: in this process when it is hosted here, otherwise over HTTP with the signed envelope. */
export function createTransports({
  hosts,
  routingUrls,
  envelopeKey,
  now,
}: TransportsOptions): (name: string, url: string) => SubgraphTransport {
  return (name, url) => {
    const host = hosts && Object.hasOwn(hosts, name) ? hosts[name] : undefined;
    if (host) return inMemoryTransport(host);
    const address = routingUrls && Object.hasOwn(routingUrls, name) ? routingUrls[name] : url;
    if (!address || !URL.canParse(address))
      throw new Error(`The supergraph has no usable routing URL for the subgraph "${name}".`);
    return httpTransport({
      name,
      url: address,
      ...(envelopeKey !== undefined && { sign: signer(name, envelopeKey, now) }),
    });
  };
}

/** Vouches for the caller towards one subgraph: who, until when, and for exactly this body. */
function signer(audience: string, key: string, now: () => number): SignRequest {
  return ({ context: { caller, requestId, deadline, clientAddress } }, body) => ({
    [ENVELOPE_HEADER]: sealEnvelope(
      {
        caller,
        issuer: 'router',
        audience,
        requestId,
        issuedAt: now(),
        deadline,
        ...(clientAddress !== undefined && { clientAddress }),
      },
      body,
      key,
    ),
  });
}
