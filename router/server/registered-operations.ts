import { parse } from 'graphql';
import { Lru } from '../engine/lru.ts';
import { normalForm } from './normal-form.ts';

/** Operations registered beforehand, found by their id or however they are spelled. */
export interface RegisteredOperations {
  /** The registered text; `id` is its SHA-256 in hexadecimal digits, or whatever name the manifest gives it. */
  byId(id: string): string | undefined;
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
  for (const text of byId.values()) byForm.set(formOf(text) ?? text, text);
  const texts = new Set(byId.values());

  return {
    byId: (id) => byId.get(id),
    bySpelling(query) {
      if (texts.has(query)) return query;
      const known = spellings.get(query);
      if (known !== undefined) return known;
      const form = formOf(query, maxTokens);
      const text = form === undefined ? undefined : byForm.get(form);
      if (text !== undefined) spellings.set(query, text);
      return text;
    },
  };
}

/** `undefined` when it is no GraphQL. */
function formOf(text: string, maxTokens?: number): string | undefined {
  try {
    return normalForm(parse(text, { noLocation: true, ...(maxTokens !== undefined && { maxTokens }) }));
  } catch {
    return undefined;
  }
}
