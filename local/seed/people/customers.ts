import type { SeedAddress, SeedUser } from '@aisle/identity/seed';
import { REGIONS, type Region } from '@aisle/platform/identity';
import { seededId } from '../ids.ts';
import { type Random, randomOf } from '../random.ts';
import { fill, PEOPLE } from './places.ts';
import type { Seller } from './sellers.ts';

/** Of all seeded accounts. Known to everyone, and hashed once for all of them: for demonstrations only. */
export const DEMO_PASSWORD = 'aisle-demo';

/** How many of a hundred customers live where. */
const SHARE: Record<Region, number> = { us: 24, eu: 26, gb: 18, in: 16, br: 16 };

function regionOf(index: number): Region {
  let rest = (index * 37) % 100;
  for (const region of REGIONS) {
    if (rest < SHARE[region]) return region;
    rest -= SHARE[region];
  }
  return 'us';
}

export function makeAddress(id: string, name: string, region: Region, random: Random): SeedAddress {
  const { streets, numberFirst, towns } = PEOPLE[region];
  const town = random.pick(towns);
  const street = random.pick(streets);
  const number = random.int(1, 180);
  return {
    id,
    name,
    line1: numberFirst ? `${number} ${street}` : `${street}${region === 'br' ? ',' : ''} ${number}`,
    line2: random.chance(0.25) ? `${region === 'gb' ? 'Flat' : 'Apt'} ${random.int(1, 40)}` : null,
    city: town.city,
    state: town.state ?? null,
    postcode: fill(town.postcode, random),
    country: town.country,
    phone: fill(`${town.dial}#######`, random).slice(0, 15),
  };
}

interface Person {
  readonly key: string;
  readonly email: string;
  readonly region: Region;
  readonly name: string;
  readonly roles: SeedUser['roles'];
  readonly sellerId?: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

function account(
  person: Person,
  id = seededId('usr', person.key, person.createdAt, person.region),
): SeedUser {
  const { key, region, createdAt, name, ...rest } = person;
  const random = randomOf(`address ${key}`);
  const addresses = Array.from({ length: random.chance(0.3) ? 2 : 1 }, (_, i) =>
    makeAddress(seededId('adr', `${key} ${i}`, createdAt, region), name, region, random),
  );
  return { ...rest, id, name, region, createdAt, password: DEMO_PASSWORD, addresses };
}

/** Customer number `index`. @param opened epoch milliseconds of the shop's opening */
export function makeCustomer(index: number, opened: number): SeedUser {
  const region = regionOf(index);
  const random = randomOf(`customer ${index}`);
  const { first, last } = PEOPLE[region];
  const [given, family] = [random.pick(first), random.pick(last)];
  const plain = `${given}.${family}`
    .normalize('NFKD')
    .replace(/[̀-ͯ]/g, '')
    .replace(/ß/g, 'ss')
    .replace(/ /g, '');
  return account({
    key: `customer ${index}`,
    email: `${plain.toLowerCase()}.${index + 1}@aisle.example`,
    name: `${given} ${family}`,
    region,
    roles: ['customer'],
    createdAt: opened + random.int(0, 200) * 86_400_000,
  });
}

/** One account to sign in with per role, and one customer per region. */
export function makeDemoAccounts(opened: number): SeedUser[] {
  const one = (name: string, region: Region, role: 'customer' | 'staff' | 'admin') =>
    account({
      key: `demo ${name}`,
      email: `${name}@aisle.example`,
      name: `Demo ${name}`,
      region,
      roles: ['customer', ...(role === 'customer' ? [] : [role])],
      createdAt: opened,
    });
  return [
    ...REGIONS.map((region) => one(`customer-${region}`, region, 'customer')),
    one('staff', 'eu', 'staff'),
    one('admin', 'eu', 'admin'),
  ];
}

/** The person behind a seller; the first one's is the demo seller. */
export function makeOwner(seller: Seller, index: number): SeedUser {
  const random = randomOf(`owner ${index}`);
  const { first, last } = PEOPLE[seller.region];
  return account(
    {
      key: `owner ${index}`,
      email: index === 0 ? 'seller@aisle.example' : `owner.${index + 1}@aisle.example`,
      name: `${random.pick(first)} ${random.pick(last)}`,
      region: seller.region,
      roles: ['customer', 'seller'],
      sellerId: seller.id,
      createdAt: seller.createdAt,
    },
    seller.ownerId,
  );
}
