export { freePort } from '../../local/stores/process.ts';
export { type Collector, type Span, startCollector } from './collector.ts';
export { FakeClock } from './fake-clock.ts';
export { type FreshStores, freshStores, type StoreEnv, testStores } from './stores.ts';
export { type Answer, type Component, type ComponentOptions, startComponent } from './subgraph.ts';
export { freshName, temporaryFolder } from './temporary.ts';
export { type UntilOptions, until } from './until.ts';
