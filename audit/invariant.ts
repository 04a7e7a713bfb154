import type { Region } from '@aisle/platform/identity';
import type { Stores } from './stores.ts';

/** What a check found: how much it looked at, and a sentence for each violation. */
export interface Finding {
  readonly looked: number;
  readonly violations: readonly string[];
}

/** A promise of the architecture page, checked over all stores. */
export interface Invariant {
  /** Number on the architecture page. */
  readonly id: string;
  readonly title: string;
  check(stores: Stores): Promise<Finding>;
}

/** Rows a query counts as looked at (`looked` of its single row), and rows that another calls violations. */
export interface RegionalRule {
  readonly count: string;
  /** Selects a column `violation` for each. */
  readonly violations: string;
}

/** Runs rules in every region and adds up what they found. */
export async function inEveryRegion(stores: Stores, rules: readonly RegionalRule[]): Promise<Finding> {
  let looked = 0;
  const violations: string[] = [];
  const check = async (region: Region, rule: RegionalRule) => {
    const [counted] = await stores.sql(region, rule.count);
    looked += Number(counted?.looked ?? 0);
    for (const row of await stores.sql(region, `${rule.violations} LIMIT 100`))
      violations.push(`${region}: ${row.violation}`);
  };
  for (const region of stores.regions) for (const rule of rules) await check(region, rule);
  return { looked, violations };
}
