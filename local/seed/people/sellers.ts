import { REGIONS, type Region } from '@aisle/platform/identity';
import { DEPARTMENTS } from '../goods/index.ts';
import { seededId } from '../ids.ts';
import { randomOf } from '../random.ts';

export interface Seller {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly region: Region;
  readonly contactEmail: string;
  readonly feeBps: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Slugs of the departments whose goods they sell. */
  readonly departments: readonly string[];
}

const FIRST = [
  'Aurora',
  'Barley',
  'Cedar',
  'Delta',
  'Ember',
  'Fennel',
  'Grove',
  'Harbour',
  'Iris',
  'Juniper',
  'Kestrel',
  'Linden',
  'Maple',
  'Nettle',
  'Olive',
  'Poplar',
  'Quince',
  'Rowan',
  'Saffron',
  'Thyme',
];
const SECOND = ['Market', 'Grocers', 'Provisions', 'Trading', 'Pantry', 'Fine Foods', 'Wholesale', 'Stores'];

/** Forty shops; every department has at least six of them. @param time epoch milliseconds of the opening */
export function makeSellers(time: number, count = 40): Seller[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomOf(`seller ${i}`);
    const name = `${FIRST[i % FIRST.length]} ${SECOND[(i * 3 + Math.floor(i / FIRST.length)) % SECOND.length]}`;
    const main = DEPARTMENTS[i % DEPARTMENTS.length]!;
    const more = random.sample(DEPARTMENTS, 2);
    const departments = [...new Set([main, ...more])];
    const region = REGIONS[i % REGIONS.length]!;
    const createdAt = time - random.int(30, 300) * 86_400_000;
    const id = seededId('sel', String(i), createdAt);
    const list = departments.map((department) => department.name.toLowerCase()).join(', ');
    return {
      id,
      name,
      description: `${name} sells ${list}: small makers, short ways, fair prices.`,
      ownerId: seededId('usr', `owner of seller ${i}`, createdAt, region),
      region,
      contactEmail:
        i === 0 ? 'seller@aisle.example' : `hello@${name.toLowerCase().replace(/[^a-z]+/g, '-')}.example`,
      feeBps: 800 + random.int(0, 14) * 50,
      createdAt,
      departments: departments.map(({ slug }) => slug),
    };
  });
}
