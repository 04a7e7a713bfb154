import { domainToASCII } from 'node:url';

/** RFC 5321: 64 for the local part, 254 for all of it. */
const MAX_LOCAL = 64;
const MAX_LENGTH = 254;
const LOCAL = /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?=.{3,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * One spelling per mailbox: NFKC, trimmed, lower case, host as ASCII. Dots and `+tags` stay: they mean different mailboxes
 * at some providers.
 * @returns undefined when it cannot be an e-mail address.
 */
export function normaliseEmail(given: string): string | undefined {
  if (given.length > 2 * MAX_LENGTH) return undefined;
  const text = given.normalize('NFKC').trim().toLowerCase();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const host = domainToASCII(text.slice(at + 1));
  if (at < 1 || local.length > MAX_LOCAL || !LOCAL.test(local) || !DOMAIN.test(host)) return undefined;
  const email = `${local}@${host}`;
  return email.length <= MAX_LENGTH ? email : undefined;
}
