import { parseArgs } from 'node:util';
import { ShopError } from './shop-error.ts';

export const REGIONS = ['US', 'EU', 'GB', 'IN', 'BR'] as const;
export type Region = (typeof REGIONS)[number];

/** Cards of the payment provider's test mode, and how an order on each must end. */
export const SCENARIOS = {
  buy: { card: 'pm_card_visa', ends: 'CONFIRMED', says: 'a card that works' },
  decline: { card: 'pm_card_chargeDeclined', ends: 'CANCELLED', says: 'a card that is declined' },
  'lost-reply': { card: 'pm_card_lostReply', ends: 'CONFIRMED', says: 'a charge whose reply is lost' },
  timeout: { card: 'pm_card_timeout', ends: 'CONFIRMED', says: 'a charge that is made but never answered' },
  'requires-action': {
    card: 'pm_card_authenticationRequired',
    ends: 'CONFIRMED',
    says: 'a card whose bank asks the buyer',
  },
} as const;
export type ScenarioName = keyof typeof SCENARIOS;

export interface Options {
  readonly url: string;
  readonly region: Region;
  readonly scenario: ScenarioName;
  /** Buyers who fight for `stock` units at once; 0 for a single shopper. */
  readonly buyers: number;
  readonly stock: number;
  readonly seller: { readonly email: string; readonly password: string };
  readonly json: boolean;
  readonly help: boolean;
}

export const HELP = `npm run shop -- [options]

Acts as a shopper through the public API only, and checks that the marketplace keeps its promises.

  --url URL            the API (default: AISLE_URL, or http://127.0.0.1:PORT/graphql with PORT 4000)
  --region R           US, EU, GB, IN or BR (default EU)
  --decline            pay with a card that is declined: the order is taken back, nothing is charged
  --lost-reply         the charge is made, its reply is lost: charged once all the same
  --timeout            the charge is made, its reply never comes: charged once all the same
  --requires-action    the bank asks the buyer, who agrees
  --buyers N           N buyers at once for one product …
  --stock M            … of which there are M units (default 10)
  --seller-email E, --seller-password P
                       who puts that product on the shelf (default: the demo seller)
  --json               prints one JSON document at the end, and nothing else on standard output

Exit code 0 when all was as it must be, 1 when not, 2 for wrong options.`;

/** @throws ShopError for anything that is not an option. */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Options {
  const flag = { type: 'boolean', default: false } as const;
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parse(() =>
    parseArgs({
      args: [...args],
      options: {
        url: text(env.AISLE_URL ?? `http://127.0.0.1:${env.PORT || 4000}/graphql`),
        region: text('EU'),
        buyers: text('0'),
        stock: text('10'),
        'seller-email': text('seller@aisle.example'),
        'seller-password': text('aisle-demo'),
        decline: flag,
        'lost-reply': flag,
        timeout: flag,
        'requires-action': flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    }),
  );
  const named = (Object.keys(SCENARIOS) as ScenarioName[]).filter((name) => name !== 'buy' && values[name]);
  if (named.length > 1) throw new ShopError(`--${named.join(' and --')} do not go together.`);
  if (named[0] === 'requires-action' && values.buyers !== '0')
    throw new ShopError('--requires-action is for a single shopper: nobody answers the bank for a crowd.');
  const region = values.region.toUpperCase() as Region;
  if (!REGIONS.includes(region)) throw new ShopError(`--region is one of ${REGIONS.join(', ')}.`);
  return {
    url: values.url,
    region,
    scenario: named[0] ?? 'buy',
    buyers: wholeNumber('buyers', values.buyers, 2_000),
    stock: wholeNumber('stock', values.stock, 1_000_000),
    seller: { email: values['seller-email'], password: values['seller-password'] },
    json: values.json,
    help: values.help,
  };
}

function parse<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ShopError((error as Error).message);
  }
}

function wholeNumber(name: string, given: string, max: number): number {
  if (!/^\d{1,7}$/.test(given) || Number(given) > max)
    throw new ShopError(`--${name} is a whole number from 0 to ${max}.`);
  return Number(given);
}
