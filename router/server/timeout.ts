import { Refusal } from './refusal.ts';

/** Milliseconds an operation may take: the router's limit, or less when the client asks for less. @throws Refusal 400 */
export function timeoutOf(header: string | string[] | undefined, most: number): number {
  if (header === undefined) return most;
  const asked = Number(header);
  if (!Number.isInteger(asked) || asked < 1)
    throw new Refusal(
      400,
      'BAD_USER_INPUT',
      'The header x-aisle-timeout-ms is no whole number of milliseconds.',
    );
  return Math.min(asked, most);
}
