export { type CrashPoint, crashPoints } from './crash.ts';
export type { Reaction, SagaDefinition, SagaInput } from './definition.ts';
export type {
  CommandContext,
  DriveEnd,
  OnSaved,
  SagaChange,
  SagaCommand,
  SagaSaver,
  SagaTimes,
  Stamped,
} from './port.ts';
export { createSagaRunner, type SagaRunner, type SagaRunnerOptions } from './runner.ts';
export { insertSaga } from './statements.ts';
export { type StuckSaga, stuckSagas, type WatchOptions, watchSagas } from './watch.ts';
