import type { OperationDefinitionNode } from 'graphql';
import type { IntrospectionAnswer } from './introspect.ts';
import type { Obj } from './own.ts';
import type { Run } from './run.ts';
import type { CollectContext } from './shape/collect.ts';
import { complete } from './shape/complete.ts';
import { JsonWriter } from './shape/json-writer.ts';
import { type FieldShape, operationShape } from './shape/shape.ts';
import { objectWriter } from './shape/write.ts';

/** Turns the merged data of a run into the client's response. Either method may be called once per run. */
export interface ResponseWriter {
  /** The data; what is wrong with it is added to `run.errors`. */
  readonly toData: (run: Run) => Obj | null;
  /** The whole response as JSON. */
  readonly toJson: (run: Run) => string;
}

/** One for all: a response is written in one go. */
const writer = new JsonWriter();

export function compileResponse(
  context: CollectContext,
  operation: OperationDefinitionNode,
  introspection: IntrospectionAnswer,
): ResponseWriter {
  const shape = operationShape(context, operation);
  // The generated writer has no argument for it; both functions below are synchronous, so this holds for the time of one write.
  let variables: Obj = {};
  const answer = (field: FieldShape): unknown => introspection(field, variables);
  const write = objectWriter(shape, (field) => JSON.stringify(answer(field)));
  const toData = (run: Run): Obj | null => {
    variables = run.coerced;
    return complete(shape, run, answer);
  };
  return {
    toData,
    toJson: (run) => {
      variables = run.coerced;
      const shared = run.sharedValues.size > 0 ? run.sharedValues : undefined;
      if (run.failures.length === 0) {
        writer.clear();
        writer.json(beforeData(run));
        if (write(run.data, writer, shared)) {
          writer.json('}');
          return writer.text();
        }
      }
      const data = JSON.stringify(toData(run));
      return `${beforeData(run)}${data}}`;
    },
  };
}

function beforeData({ errors }: Run): string {
  return errors.length === 0 ? '{"data":' : `{"errors":${JSON.stringify(errors)},"data":`;
}
