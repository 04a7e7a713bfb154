import type { Region } from '@aisle/platform/identity';

/** How addresses of a country look. Postcodes: Universal Postal Union, "Addressing systems" country sheets. */
export interface Country {
  readonly region: Region;
  readonly postcode: RegExp;
  /** True where an address is not complete without a state. */
  readonly state?: true;
}

const eu = (postcode: RegExp): Country => ({ region: 'eu', postcode });
const FOUR = /^\d{4}$/;
const FIVE = /^\d{5}$/;

/** ISO 3166-1 alpha-2 → rules. Countries that are absent are not delivered to. */
export const COUNTRIES: Readonly<Record<string, Country>> = {
  US: { region: 'us', postcode: /^\d{5}(-\d{4})?$/, state: true },
  GB: { region: 'gb', postcode: /^(GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})$/ },
  IN: { region: 'in', postcode: /^[1-9]\d{5}$/, state: true },
  BR: { region: 'br', postcode: /^\d{5}-\d{3}$/, state: true },
  AT: eu(FOUR),
  BE: eu(FOUR),
  BG: eu(FOUR),
  CY: eu(FOUR),
  CZ: eu(/^\d{3} \d{2}$/),
  DE: eu(FIVE),
  DK: eu(FOUR),
  EE: eu(FIVE),
  ES: eu(FIVE),
  FI: eu(FIVE),
  FR: eu(FIVE),
  GR: eu(/^\d{3} \d{2}$/),
  HR: eu(FIVE),
  HU: eu(FOUR),
  IE: eu(/^[AC-FHKNPRTV-Y](\d{2}|6W) [0-9AC-FHKNPRTV-Y]{4}$/),
  IT: eu(FIVE),
  LT: eu(/^(LT-)?\d{5}$/),
  LU: eu(FOUR),
  LV: eu(/^(LV-)?\d{4}$/),
  MT: eu(/^[A-Z]{3} \d{4}$/),
  NL: eu(/^\d{4} [A-Z]{2}$/),
  PL: eu(/^\d{2}-\d{3}$/),
  PT: eu(/^\d{4}-\d{3}$/),
  RO: eu(/^\d{6}$/),
  SE: eu(/^\d{3} \d{2}$/),
  SI: eu(FOUR),
  SK: eu(/^\d{3} \d{2}$/),
};

/** Where the separator of a written-together postcode goes, counted from the end. */
const SEPARATORS: Readonly<Record<string, readonly [sign: string, fromEnd: number, digits: number]>> = {
  GB: [' ', 3, 0],
  BR: ['-', 3, 8],
  CZ: [' ', 2, 5],
  GR: [' ', 2, 5],
  IE: [' ', 4, 7],
  MT: [' ', 4, 7],
  NL: [' ', 2, 6],
  PL: ['-', 3, 5],
  PT: ['-', 3, 7],
  SE: [' ', 2, 5],
  SK: [' ', 2, 5],
};

/** Upper case, single spaces, the country's separator: `sw1a1aa` → `SW1A 1AA`. @returns undefined when it is none of the country's. */
export function normalisePostcode(given: string, code: string): string | undefined {
  const country = COUNTRIES[code];
  if (!country || given.length > 16) return undefined;
  let text = given.trim().toUpperCase().replace(/\s+/g, ' ');
  const separator = SEPARATORS[code];
  if (separator) {
    const [sign, fromEnd, length] = separator;
    const bare = text.replace(/[\s-]/g, '');
    if (length === 0 || bare.length === length)
      text = `${bare.slice(0, -fromEnd)}${sign}${bare.slice(-fromEnd)}`;
  }
  return country.postcode.test(text) ? text : undefined;
}
