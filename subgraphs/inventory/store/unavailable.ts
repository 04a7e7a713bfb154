/** The live counters cannot be used: Redis does not answer (`down`) or has lost them (`missing`). Nothing was changed. */
export class StockUnavailable extends Error {
  readonly reason: 'down' | 'missing';
  constructor(reason: StockUnavailable['reason'], cause?: unknown) {
    super(reason === 'down' ? 'Redis does not answer.' : 'The live counters are being restored.', { cause });
    this.reason = reason;
  }
}
