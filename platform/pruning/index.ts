export { type Kept, PLATFORM_TABLES } from './kept.ts';
export { type PrunerOptions, prune, startPruner } from './pruner.ts';
