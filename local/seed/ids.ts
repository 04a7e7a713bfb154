import { hash32 } from './random.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value, i = 0; i < length; i++, rest = Math.floor(rest / 32))
    text = ALPHABET[rest % 32] + text;
  return text;
}

/**
 * An id as the platform makes them (it sorts by time), but always the same one for the same name.
 * @param time epoch milliseconds
 */
export function seededId(prefix: string, name: string, time: number, region?: string): string {
  const tail = [1, 2, 3, 4]
    .map((part) => base32(hash32(`${part}:${prefix}:${name}`) % 1_048_576, 4))
    .join('');
  return `${prefix}_${region ? `${region}_` : ''}${base32(time, 10)}${tail}`;
}
