import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { fragmentsOf, operationOf } from '../../engine/document.ts';

/** How much an operation matters when there is not enough for all. */
export type Priority = 'low' | 'normal' | 'high';

export interface SheddingSettings {
  /** Event-loop lag in milliseconds from which `low` operations are refused; `normal` ones from twice, `high` ones from eight times that. @default 250 */
  readonly lag?: number;
  /** Share of the heap limit from which `low` operations are refused; `normal` ones half-way from there to the limit. @default 0.85 */
  readonly heap?: number;
  /** Priority by root field, such as `recommendations: low`; otherwise queries and subscriptions are `normal`, mutations `high`. */
  readonly priorities?: Readonly<Record<string, Priority>>;
}

const RANK: Readonly<Record<Priority, number>> = { low: 0, normal: 1, high: 2 };

/** The highest priority among the operation's root fields, wherever they are written. */
export function priorityOf(
  document: DocumentNode,
  operationName: string | undefined,
  priorities: Readonly<Record<string, Priority>> = {},
): Priority {
  const operation = operationOf(document, operationName);
  const otherwise: Priority = operation?.operation === 'mutation' ? 'high' : 'normal';
  let highest: Priority | undefined;
  for (const name of operation ? rootFields(operation.selectionSet, fragmentsOf(document)) : []) {
    if (name === '__typename') continue;
    const priority = Object.hasOwn(priorities, name) ? (priorities[name] as Priority) : otherwise;
    if (highest === undefined || RANK[priority] > RANK[highest]) highest = priority;
  }
  return highest ?? otherwise;
}

/** Names of the fields of a selection set, those of its fragments among them; the document need not be valid. */
function rootFields(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  names = new Set<string>(),
  spread = new Set<string>(),
): ReadonlySet<string> {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) names.add(selection.name.value);
    else if (selection.kind === Kind.INLINE_FRAGMENT)
      rootFields(selection.selectionSet, fragments, names, spread);
    else if (!spread.has(selection.name.value)) {
      spread.add(selection.name.value);
      const fragment = fragments.get(selection.name.value);
      if (fragment) rootFields(fragment.selectionSet, fragments, names, spread);
    }
  }
  return names;
}

/** What this process is under, measured twice a second. */
export interface Load {
  /** Milliseconds the event loop lags (99th percentile of the last half second). */
  lag(): number;
  /** Share of the heap limit in use. */
  heap(): number;
}

/** True when an operation of this priority is to be refused now. */
export function isShed(
  priority: Priority,
  load: Load,
  { lag = 250, heap = 0.85 }: SheddingSettings = {},
): boolean {
  const delay = load.lag();
  const used = load.heap();
  if (priority === 'low') return delay >= lag || used >= heap;
  if (priority === 'normal') return delay >= lag * 2 || used >= (heap + 1) / 2;
  return delay >= lag * 8;
}

const EVERY = 500;
/** Milliseconds between two looks at the event loop: what is measured is this and the lag. */
const RESOLUTION = 10;

export function watchLoad(heapLimit: number): Load & { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  let lag = 0;
  let heap = 0;
  const timer = setInterval(() => {
    lag = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION);
    delay.reset();
    heap = process.memoryUsage().heapUsed / heapLimit;
  }, EVERY);
  timer.unref();
  return {
    lag: () => lag,
    heap: () => heap,
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
