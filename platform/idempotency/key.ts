import { createHash } from 'node:crypto';

/** Which call: who does what (`placeOrder:usr_eu_…`), under which key, with what input. */
export interface IdempotentCall {
  /** Operation and caller: a key of one person means nothing to another. */
  readonly scope: string;
  readonly key: string;
  readonly inputHash: string;
}

/** Keys are 8 to 128 printable ASCII characters without blanks at the ends. */
export function isIdempotencyKey(key: unknown): key is string {
  return typeof key === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]{6,126})[\x21-\x7e]$/.test(key);
}

/** SHA-256 of the input as JSON with sorted names: the order of fields and absent ones make no difference. */
export function hashInput(input: unknown): string {
  return createHash('sha256').update(canonical(input)).digest('base64url');
}

function canonical(value: unknown): string {
  if (typeof value === 'bigint') return `${value}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
