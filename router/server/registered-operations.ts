import { type DocumentNode, Kind, parse } from 'graphql';
import { Lru } from '../engine/lru.ts';
import { normalForm } from './normal-form.ts';

/** Operations registered beforehand, found by their id or however they are spelled. */
export interface RegisteredOperations {
  /** The registered text; `id` is its SHA-256 in hexadecimal digits, or whatever name the manifest gives it. */
  byId(id: string): string | undefined;
  /** The names of those that have one. */
  readonly names: ReadonlySet<string>;
  /** The registered text of the same operation, with other white space, comments or order of fragments. */
  bySpelling(query: string): string | undefined;
}

/** Spellings remembered, so that a client that always sends its own is read once. */
const SPELLINGS = 1_000;

/** @param maxTokens Longer documents are no registered ones: they are not read to their end. */
export function createRegisteredOperations(
  byId: ReadonlyMap<string, string>,
  maxTokens = 1_000,
): RegisteredOperations {
  const byForm = new Map<string, string>();
  const spellings = new Lru<string, string>(SPELLINGS);
  const names = new Set<string>();
  for (const text of byId.values()) {
    const known = read(text);
    byForm.set(known?.form ?? text, text);
    for (const name of known?.names ?? []) names.add(name);
  }
  const texts = new Set(byId.values());

  return {
    names,
    byId: (id) => byId.get(id),
    bySpelling(query) {
      if (texts.has(query)) return query;
      const known = spellings.get(query);
      if (known !== undefined) return known;
      const form = read(query, maxTokens)?.form;
      const text = form === undefined ? undefined : byForm.get(form);
      if (text !== undefined) spellings.set(query, text);
      return text;
    },
  };
}

/** `undefined` when it is no GraphQL. */
function read(text: string, maxTokens?: number): { form: string; names: readonly string[] } | undefined {
  try {
    const document = parse(text, { noLocation: true, ...(maxTokens !== undefined && { maxTokens }) });
    return { form: normalForm(document), names: namesOf(document) };
  } catch {
    return undefined;
  }
}

function namesOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION && definition.name ? [definition.name.value] : [],
  );
}
