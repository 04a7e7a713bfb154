export { type Composition, type CompositionHint, composeFile, composeSubgraphs } from './compose.ts';
export { composeApart } from './compose-apart.ts';
export { CompositionFailure, type CompositionProblem } from './composition-failure.ts';
export {
  isSupergraphFile,
  readSupergraphFile,
  type SubgraphSource,
  schemaFilesOf,
} from './supergraph-file.ts';
