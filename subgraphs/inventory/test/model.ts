/**
 * What stock should do, without Redis, PostgreSQL or time of its own: the property test compares the real thing with it.
 * One warehouse, whole numbers, `now` in seconds.
 */
export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

interface Hold {
  readonly lines: readonly Line[];
  readonly until: number;
}

export class StockModel {
  now = 0;
  readonly onHand = new Map<string, number>();
  readonly holds = new Map<string, Hold>();
  readonly sales = new Map<string, readonly Line[]>();
  readonly returned = new Set<string>();
  /** Let go, and not reserved anew since. */
  readonly released = new Set<string>();

  constructor(skus: readonly string[], units: number) {
    for (const sku of skus) this.onHand.set(sku, units);
  }

  held(sku: string): number {
    return this.#sum(
      [...this.holds.values()].filter(({ until }) => until > this.now).flatMap(({ lines }) => lines),
      sku,
    );
  }

  sold(sku: string): number {
    return this.#sum(
      [...this.sales].filter(([id]) => !this.returned.has(id)).flatMap(([, lines]) => lines),
      sku,
    );
  }

  available(sku: string): number {
    return this.onHand.get(sku)! - this.held(sku) - this.sold(sku);
  }

  reserve(id: string, lines: readonly Line[], seconds: number): 'held' | 'short' | 'other' {
    const current = this.sales.get(id) ?? this.#live(id)?.lines;
    const same = (line: Line) => current?.find(({ sku }) => sku === line.sku);
    if (current && lines.some((line) => same(line) && same(line)!.quantity !== line.quantity)) return 'other';
    const fresh = lines.filter((line) => !same(line));
    if (fresh.some(({ sku, quantity }) => this.available(sku) < quantity)) {
      if (!this.sales.has(id)) this.holds.delete(id);
      return 'short';
    }
    if (!current) this.holds.set(id, { lines, until: this.now + seconds });
    this.released.delete(id);
    return 'held';
  }

  confirm(id: string, lines?: readonly Line[]): boolean {
    if (this.sales.has(id)) return true;
    const hold = this.#live(id);
    const taken =
      hold?.lines ??
      (!this.released.has(id) && lines?.every(({ sku, quantity }) => this.available(sku) >= quantity)
        ? lines
        : undefined);
    if (!taken) return false;
    this.holds.delete(id);
    this.sales.set(id, taken);
    return true;
  }

  release(id: string): boolean {
    this.holds.delete(id);
    this.released.add(id);
    return !this.sales.has(id);
  }

  restock(id: string): boolean {
    if (!this.sales.has(id)) return false;
    this.returned.add(id);
    return true;
  }

  count(sku: string, units: number): boolean {
    if (units < this.held(sku) + this.sold(sku)) return false;
    this.onHand.set(sku, units);
    return true;
  }

  lose(): void {
    this.holds.clear();
    this.released.clear();
  }

  #live(id: string): Hold | undefined {
    const hold = this.holds.get(id);
    return hold && hold.until > this.now ? hold : undefined;
  }

  #sum(lines: readonly Line[], wanted: string): number {
    return lines.reduce((sum, { sku, quantity }) => (sku === wanted ? sum + quantity : sum), 0);
  }
}
