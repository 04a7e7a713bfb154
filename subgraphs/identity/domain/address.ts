import { invalidInput, type Refusal } from '@aisle/platform/errors';
import type { Region } from '@aisle/platform/identity';
import { holdsCardNumber } from '@aisle/platform/privacy';
import { COUNTRIES, normalisePostcode } from './countries.ts';
import { cleanText } from './registration.ts';

const CARD_NUMBER = 'This looks like a card number, which is never kept.';
/** Addresses a person may keep. */
export const MAX_ADDRESSES = 20;

export interface AddressFields {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly state: string | null;
  readonly postcode: string;
  readonly country: string;
  /** E.164. */
  readonly phone: string | null;
}

export interface Address extends AddressFields {
  readonly id: string;
  readonly userId: string;
  readonly isDefault: boolean;
}

/** What a client sends: absent and null mean "as it is" in a change, "none" in a new address; empty text clears. */
export type AddressInput = { readonly [Field in keyof AddressFields]?: string | null };

type Checked =
  | { fields: AddressFields; errors: [] }
  | { fields?: undefined; errors: Refusal<'InvalidInput'>[] };

/** E.164 with the usual ways of writing it: `+44 (0)20 …` is not one of them, `+44 20 7946 0000` is. */
function normalisePhone(given: string): string | undefined {
  const text = given
    .trim()
    .replace(/[\s().-]/g, '')
    .replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(text) ? text : undefined;
}

/** The address that `change` makes of `base`, checked by the country's rules. People are served by their own region only. */
export function checkAddress(change: AddressInput, region: Region, base?: AddressFields): Checked {
  const errors: Refusal<'InvalidInput'>[] = [];
  const refuse = (field: string, message: string) => errors.push(invalidInput(message, field));
  const given = (field: keyof AddressFields) => change[field] ?? base?.[field] ?? '';

  const required = (field: 'name' | 'line1' | 'city', max: number) => {
    const text = cleanText(given(field), max);
    if (!text) refuse(field, `${field} has 1 to ${max} characters.`);
    else if (holdsCardNumber(text)) refuse(field, CARD_NUMBER);
    return text ?? '';
  };
  const optional = (field: 'line2' | 'state', max: number) => {
    const raw = given(field);
    if (raw.trim() === '') return null;
    const text = cleanText(raw, max);
    if (!text) refuse(field, `${field} has at most ${max} characters.`);
    else if (holdsCardNumber(text)) refuse(field, CARD_NUMBER);
    return text ?? null;
  };

  const country = given('country').trim().toUpperCase();
  const rules = Object.hasOwn(COUNTRIES, country) ? COUNTRIES[country] : undefined;
  if (rules?.region !== region) refuse('country', 'This country is not delivered to from your region.');
  const postcode = rules && normalisePostcode(given('postcode'), country);
  if (rules && !postcode) refuse('postcode', `This is not a postcode of ${country}.`);
  const state = optional('state', 80);
  if (rules?.state && !state) refuse('state', `An address in ${country} needs its state.`);
  const rawPhone = given('phone');
  const phone = rawPhone.trim() === '' ? null : normalisePhone(rawPhone);
  if (phone === undefined) refuse('phone', 'A telephone number starts with + and the country code.');

  const fields = {
    name: required('name', 100),
    line1: required('line1', 120),
    line2: optional('line2', 120),
    city: required('city', 80),
    state,
    postcode: postcode ?? '',
    country,
    phone: phone ?? null,
  };
  return errors.length > 0 ? { errors } : { fields, errors: [] };
}
