export { hashInput, type IdempotentCall, isIdempotencyKey } from './key.ts';
export { claimKey, KEEP_MS } from './statements.ts';
export { answerKey, awaitAnswer, type Begun, beginKey, findKey, type Outcome, once } from './store.ts';
