import { invalidInput, type Refusal } from '@aisle/platform/errors';
import { holdsCardNumber } from '@aisle/platform/privacy';
import { normaliseEmail } from './email.ts';

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;
const NAME_MAX = 100;

/** The most used passwords of at least 8 characters (public leak statistics); guessed first by everybody. */
const COMMON = new Set(
  'password password1 passw0rd 12345678 123456789 1234567890 qwertyui qwerty123 qwertyuiop 11111111 00000000 iloveyou sunshine princess football baseball superman trustno1 letmein1 welcome1 abc12345 1q2w3e4r 1qaz2wsx password123'.split(
    ' ',
  ),
);

export interface Registration {
  readonly email: string;
  readonly name: string;
  /** As it will be hashed. */
  readonly password: string;
}

/** Unicode passwords may be typed in several ways (NFC, NFD); one form is hashed (NIST SP 800-63B § 5.1.1.2). */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** A name, a street, a city: trimmed, no control characters. @returns undefined when empty or longer than `max`. */
export function cleanText(given: string, max: number): string | undefined {
  const text = given.normalize('NFC').trim();
  return text.length > 0 && text.length <= max && !/\p{Cc}/u.test(text) ? text : undefined;
}

/** Every problem of a registration at once, or what to store. */
export function checkRegistration(input: {
  email: string;
  name: string;
  password: string;
}):
  | { registration: Registration; errors: [] }
  | { registration?: undefined; errors: Refusal<'InvalidInput'>[] } {
  const errors: Refusal<'InvalidInput'>[] = [];
  const email = normaliseEmail(input.email);
  if (!email) errors.push(invalidInput('This is not an e-mail address.', 'email'));
  const name = cleanText(input.name, NAME_MAX);
  if (!name) errors.push(invalidInput(`A name has 1 to ${NAME_MAX} characters.`, 'name'));
  else if (holdsCardNumber(name))
    errors.push(invalidInput('This looks like a card number, which is never kept.', 'name'));
  const password = normalisePassword(input.password);
  if (password.length < PASSWORD_MIN || password.length > PASSWORD_MAX)
    errors.push(invalidInput(`A password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`, 'password'));
  else if (
    COMMON.has(password.toLowerCase()) ||
    password.toLowerCase() === email ||
    /^(.)\1*$/u.test(password)
  )
    errors.push(invalidInput('This password is too easy to guess.', 'password'));
  return email && name && errors.length === 0
    ? { registration: { email, name, password }, errors: [] }
    : { errors };
}
