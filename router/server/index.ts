export type { DemoLogin, RouterOptions, RunningRouter, Sample, SupergraphSource } from './options.ts';
export { startRouter } from './start-router.ts';
