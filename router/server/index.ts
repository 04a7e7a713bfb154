export type { DemoLogin, RouterOptions, RunningRouter, SupergraphSource } from './options.ts';
export { startRouter } from './start-router.ts';
