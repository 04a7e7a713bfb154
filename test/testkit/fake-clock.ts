/** A clock that stands still until it is moved. Has the shape of the platform's `Clock`. */
export class FakeClock {
  #now: number;

  /** @param start epoch milliseconds or an ISO date. @default '2026-01-15T12:00:00Z' */
  constructor(start: number | string = '2026-01-15T12:00:00Z') {
    this.#now = typeof start === 'number' ? start : Date.parse(start);
  }

  /** Epoch milliseconds. */
  now = (): number => this.#now;

  /** Moves on by `ms`; a clock never goes back. */
  advance(ms: number): void {
    if (ms < 0) throw new RangeError('A clock does not go back.');
    this.#now += ms;
  }
}
