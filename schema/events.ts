import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from '@aisle/platform/config';
import { breakingChanges, type JsonSchema } from './event-changes.ts';

export interface EventSchema {
  /** `OrderPlaced.v1` */
  readonly type: string;
  readonly producer: string;
  /** JSON Schema (draft 2020-12) of its data. */
  readonly data: JsonSchema;
}

export const EVENT_FOLDER = 'schema/events';
export const ASYNCAPI = 'schema/asyncapi.json';
export const fileOf = (type: string) => `${EVENT_FOLDER}/${type}.json`;

/** Every event that a context declares in `events/schemas.ts`, by type. */
export async function readEvents(): Promise<EventSchema[]> {
  const found: EventSchema[] = [];
  for await (const file of glob('subgraphs/*/events/schemas.ts')) {
    const producer = basename(dirname(dirname(file)));
    const { EVENTS } = (await import(pathToFileURL(resolve(file)).href)) as {
      EVENTS: Record<string, z.ZodType>;
    };
    for (const [type, schema] of Object.entries(EVENTS))
      found.push({ type, producer, data: z.toJSONSchema(schema) as JsonSchema });
  }
  return found.sort((a, b) => a.type.localeCompare(b.type));
}

const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** The files that describe the events: one JSON Schema each, and one AsyncAPI document for all. */
export function eventFiles(events: readonly EventSchema[]): Map<string, string> {
  const files = new Map(
    events.map(({ type, producer, data }) => [
      fileOf(type),
      pretty({ title: type, 'x-producer': producer, ...data }),
    ]),
  );
  files.set(ASYNCAPI, pretty(asyncApi(events)));
  return files;
}

function asyncApi(events: readonly EventSchema[]): unknown {
  const producers = [...new Set(events.map(({ producer }) => producer))].sort();
  const of = (producer: string) => events.filter((event) => event.producer === producer);
  const channel = (producer: string) => ({
    address: `aisle-${producer}`,
    description: `SNS topic of ${producer}; each consumer has an SQS queue of its own.`,
    messages: Object.fromEntries(
      of(producer).map(({ type }) => [type, { $ref: `#/components/messages/${type}` }]),
    ),
  });
  const operation = (producer: string) => ({ action: 'send', channel: { $ref: `#/channels/${producer}` } });
  const message = ({ type }: EventSchema) => ({
    name: type,
    contentType: 'application/cloudevents+json',
    payload: {
      type: 'object',
      description: 'CloudEvents 1.0, structured mode',
      properties: { type: { const: type }, data: { $ref: `./events/${type}.json` } },
    },
  });
  return {
    asyncapi: '3.0.0',
    info: { title: 'Aisle events', version: '1.0.0' },
    channels: Object.fromEntries(producers.map((producer) => [producer, channel(producer)])),
    operations: Object.fromEntries(
      producers.map((producer) => [`${producer}Publishes`, operation(producer)]),
    ),
    components: { messages: Object.fromEntries(events.map((event) => [event.type, message(event)])) },
  };
}

/** Compares the declared events with the committed ones. @returns problems, worded for a person */
export async function checkEvents(events: readonly EventSchema[]): Promise<string[]> {
  const problems: string[] = [];
  const declared = new Set(events.map(({ type }) => fileOf(type)));
  for await (const file of glob(`${EVENT_FOLDER}/*.json`)) {
    if (!declared.has(file))
      problems.push(
        `the event ${basename(file, '.json')} is no longer published: accept that with \`npm run schema:accept\``,
      );
  }
  for (const { type, data } of events) {
    const file = fileOf(type);
    if (!existsSync(file)) continue;
    const before = JSON.parse(await readFile(file, 'utf8')) as JsonSchema;
    for (const problem of breakingChanges(type, before, data))
      problems.push(`${problem}: publish a new version instead`);
  }
  return problems;
}
