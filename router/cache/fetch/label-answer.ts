import type { DocumentNode, GraphQLSchema } from 'graphql';
import { isObject, type Obj } from '../../engine/own.ts';
import { labelOf, labelSink } from '../rules/labels.ts';
import type { SubgraphRules } from '../rules/rules.ts';
import { compileArgumentTags, compileDataTags, tagRepresentation } from '../rules/tags.ts';

/** What an answer to a fetch is outdated by: an entity's, with its representation, or that of all root fields. */
export type LabelAnswer = (answer: unknown, representation: Obj | undefined, variables: Obj) => string[];

/** Subgraph, type, own tags, and the tags of every entity in it. */
export function compileLabels(
  subgraph: string,
  document: DocumentNode,
  schema: GraphQLSchema,
  rules: SubgraphRules,
): LabelAnswer {
  const dataTags = compileDataTags(document, schema, rules);
  const argumentTags = compileArgumentTags(document, rules);
  const ofSubgraph = labelOf.subgraph(subgraph);
  const ofTypes = new Map<string, string>();
  const ofType = (type: string) => {
    const known = ofTypes.get(type) ?? labelOf.type(subgraph, type);
    ofTypes.set(type, known);
    return known;
  };
  return (answer, representation, variables) => {
    const sink = labelSink(subgraph, [ofSubgraph, ofType(String(representation?.__typename ?? 'Query'))]);
    if (representation) {
      tagRepresentation(rules, representation, sink);
      if (isObject(answer)) dataTags?.({ _entities: [answer] }, sink);
    } else {
      argumentTags(variables, sink);
      dataTags?.(answer, sink);
    }
    return [...sink.labels];
  };
}
