import { createHash } from 'node:crypto';
import type { CacheRules } from './rules.ts';
import type { TagSink } from './tags.ts';

/**
 * What entries are outdated by: their subgraph, their type, their tags. Only digests are stored: whatever a key or an argument holds, a label is 22 harmless characters.
 */
export const labelOf = {
  subgraph: (subgraph: string) => digest(['subgraph', subgraph]),
  type: (subgraph: string, type: string) => digest(['type', subgraph, type]),
  tag: (subgraph: string, tag: string) => digest(['tag', subgraph, tag]),
  /** Of an entry with something in it that the format is for, whose tag could not be told. */
  format: (subgraph: string, format: string) => digest(['format', subgraph, format]),
};

export interface LabelSink extends TagSink {
  readonly labels: ReadonlySet<string>;
}

/** Collects the labels of one entry of a subgraph. */
export function labelSink(subgraph: string, first: readonly string[]): LabelSink {
  const labels = new Set(first);
  return {
    labels,
    tag: (tag) => void labels.add(labelOf.tag(subgraph, tag)),
    unknown: (format) => void labels.add(labelOf.format(subgraph, format)),
  };
}

/** The labels that a tag outdates in these subgraphs (all when none are given): its own, and those of entries that may have it. */
export function labelsOfTag(rules: CacheRules, tag: string, subgraphs?: readonly string[]): string[] {
  return [...rules].flatMap(([subgraph, { tags }]) => {
    if (subgraphs && !subgraphs.includes(subgraph)) return [];
    const formats = [...tags.values()].flat().filter((template) => template.matches(tag));
    if (formats.length === 0) return [];
    return [labelOf.tag(subgraph, tag), ...formats.map(({ format }) => labelOf.format(subgraph, format))];
  });
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}
