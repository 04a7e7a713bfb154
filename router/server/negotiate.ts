/** What a client can read, from its `Accept` header. */
export interface Accepts {
  /** The JSON media type to answer with; `undefined` when it takes no JSON. */
  readonly json: 'application/json' | 'application/graphql-response+json' | undefined;
  readonly eventStream: boolean;
  readonly html: boolean;
  /** Multipart subscriptions (`subscriptionSpec=1.0`). */
  readonly multipartSubscription: boolean;
  /** `@defer` over multipart: the format asked for. */
  readonly defer: 'legacy' | 'current' | undefined;
}

const ANY: Accepts = {
  json: 'application/json',
  eventStream: false,
  html: false,
  multipartSubscription: false,
  defer: undefined,
};
const JSON_TYPES: Readonly<Record<string, Accepts['json']>> = {
  'application/json': 'application/json',
  'application/graphql-response+json': 'application/graphql-response+json',
  'application/*': 'application/json',
  '*/*': 'application/json',
};
/** Headers are few and clients are many: each is read once. */
const MOST_KNOWN = 500;
const known = new Map<string, Accepts>([
  ['*/*', ANY],
  ['application/json', ANY],
  ['application/graphql-response+json', { ...ANY, json: 'application/graphql-response+json' }],
]);

export function acceptsOf(header: string | undefined): Accepts {
  if (header === undefined || header === '') return ANY;
  const before = known.get(header);
  if (before) return before;
  const accepts = parse(header);
  if (known.size < MOST_KNOWN && header.length < 512) known.set(header, accepts);
  return accepts;
}

function parse(header: string): Accepts {
  let json: Accepts['json'];
  let best = 0;
  let jsonIsWild = true;
  let deferQuality = 0;
  const accepts = {
    eventStream: false,
    html: false,
    multipartSubscription: false,
    defer: undefined as Accepts['defer'],
  };
  for (const range of header.toLowerCase().split(',').slice(0, 32)) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const quality = qualityOf(parameters);
    if (quality === 0) continue;
    const candidate = charsetIsFine(parameters) ? JSON_TYPES[type] : undefined;
    const wild = type.includes('*');
    if (candidate && (quality > best || (quality === best && jsonIsWild && !wild))) {
      json = candidate;
      best = quality;
      jsonIsWild = wild;
    }
    if (type === 'text/event-stream') accepts.eventStream = true;
    if (type === 'text/html') accepts.html = true;
    if (type === 'multipart/mixed') {
      if (has(parameters, 'subscriptionspec'))
        accepts.multipartSubscription ||= /^"?1\.0"?$/.test(versionOf(parameters, 'subscriptionspec'));
      else if (quality > deferQuality) {
        const format = deferFormat(parameters);
        if (format) deferQuality = quality;
        accepts.defer = format ?? accepts.defer;
      }
    }
  }
  return { json, ...accepts };
}

/**
 * `incrementalSpec=v0.2` asks for the present format (`pending`, `completed`; specs.apollo.dev/incremental/v0.2), `deferSpec=20220824` and silence for the
 * older one. Another version is another format, which is not spoken here.
 */
function deferFormat(parameters: readonly string[]): Accepts['defer'] {
  if (has(parameters, 'incrementalspec'))
    return /^"?v0\.2"?$/.test(versionOf(parameters, 'incrementalspec')) ? 'current' : undefined;
  if (has(parameters, 'deferspec'))
    return /^"?20220824"?$/.test(versionOf(parameters, 'deferspec')) ? 'legacy' : undefined;
  return 'legacy';
}

const versionOf = (parameters: readonly string[], name: string) =>
  parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';

const has = (parameters: readonly string[], name: string) =>
  parameters.some((parameter) => parameter.startsWith(`${name}=`));

function qualityOf(parameters: readonly string[]): number {
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  if (q === undefined) return 1;
  const value = Number(q.slice(2));
  return value >= 0 && value <= 1 ? value : 0;
}

function charsetIsFine(parameters: readonly string[]): boolean {
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  return charset === undefined || /^charset="?utf-?8"?$/.test(charset);
}
