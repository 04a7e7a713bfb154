import type { AnswerHeaders } from '../../transports/answer-headers.ts';
import type { CachePolicy } from '../rules/policy.ts';

/** Request headers that tell one caller from another; an answer that varies by them is for nobody else. */
const VARIES_BY_CALLER = /\*|authorization|cookie|x-aisle-envelope/i;

/**
 * The seconds an answer may be kept after its subgraph's `Cache-Control` was heard: it can shorten what the schema declares, or forbid, never extend.
 * What cannot be understood forbids.
 */
export function restrictedMaxAge({ maxAge, scope }: CachePolicy, headers: AnswerHeaders): number {
  if (headers.vary !== undefined && VARIES_BY_CALLER.test(headers.vary)) return 0;
  if (headers.cacheControl === undefined) return maxAge;
  const directives = new Map<string, string | undefined>(
    headers.cacheControl.split(',').map((part) => {
      const [name = '', value] = part.trim().split('=');
      return [name.toLowerCase(), value];
    }),
  );
  if (directives.has('no-store') || directives.has('no-cache')) return 0;
  if (directives.has('private') && scope === 'PUBLIC') return 0;
  const given = directives.get('s-maxage') ?? directives.get('max-age');
  if (given === undefined) return directives.has('max-age') || directives.has('s-maxage') ? 0 : maxAge;
  const seconds = secondsOf(given) - (headers.age === undefined ? 0 : secondsOf(headers.age));
  return Number.isNaN(seconds) ? 0 : Math.max(0, Math.min(maxAge, seconds));
}

const secondsOf = (text: string) =>
  /^"?\d{1,9}"?$/.test(text.trim()) ? Number(text.replaceAll('"', '')) : Number.NaN;
