import { invalidInput, type Refusal } from '@aisle/platform/errors';
import { isText } from '@aisle/platform/text';

export interface Profile {
  readonly name: string;
  readonly description: string;
  readonly contactEmail: string;
}

const EMAIL = /^[^\s\p{Cc}\p{Cs}@"(),:;<>[\]\\]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/u;

/** One spelling per name: "Ümit's  Shop" and "ÜMIT'S SHOP" are the same. */
export const nameKey = (name: string): string =>
  name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/** The profile with the changes, checked; every problem at once. */
export function checkProfile(
  change: { readonly [Field in keyof Profile]?: string | null },
  base?: Profile,
): { profile: Profile; errors: [] } | { profile?: undefined; errors: Refusal<'InvalidInput'>[] } {
  const errors: Refusal<'InvalidInput'>[] = [];
  const name = (change.name ?? base?.name ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (name.length < 2 || name.length > 80 || /[\p{Cc}\p{Cs}]/u.test(name))
    errors.push(invalidInput('A name has 2 to 80 characters.', 'name'));
  const description = (change.description ?? base?.description ?? '').normalize('NFC').trim();
  if (description.length > 2_000 || !isText(description))
    errors.push(invalidInput('A description has at most 2 000 characters.', 'description'));
  const contactEmail = (change.contactEmail ?? base?.contactEmail ?? '')
    .normalize('NFKC')
    .trim()
    .toLowerCase();
  if (contactEmail.length > 254 || !EMAIL.test(contactEmail))
    errors.push(invalidInput('This is not an e-mail address.', 'contactEmail'));
  return errors.length > 0 ? { errors } : { profile: { name, description, contactEmail }, errors: [] };
}
