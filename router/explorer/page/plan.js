// The query plan as a tree: what is asked of which subgraph, in which order.
import { highlightGraphql } from './highlight.js';

const TITLES = {
  Sequence: 'one after the other',
  Parallel: 'at the same time',
  Flatten: 'for entities at',
  Condition: 'if',
  Subscription: 'subscription',
  Defer: 'deferred',
};

export function showPlan(host, plan) {
  host.replaceChildren();
  if (!plan) {
    host.innerHTML =
      '<div class="hint">Tick <b>plan</b> and run a query to see which subgraphs are asked what, and in which order.</div>';
    return;
  }
  const tree = document.createElement('div');
  tree.className = 'plan';
  tree.append(plan.node ? nodeOf(plan.node) : 'Nothing is asked of any subgraph.');
  host.append(tree);
}

function nodeOf(node) {
  const made = document.createElement('div');
  made.className = `node ${node.kind === 'Fetch' ? 'fetch' : ''}`;
  const title = document.createElement('b');
  title.textContent = titleOf(node);
  made.append(title);
  if (node.kind === 'Fetch') {
    const pre = document.createElement('pre');
    pre.innerHTML = highlightGraphql(pretty(node.operation));
    made.append(pre);
  }
  for (const child of childrenOf(node)) made.append(nodeOf(child));
  return made;
}

function titleOf(node) {
  if (node.kind === 'Fetch') return node.serviceName;
  if (node.kind === 'Flatten') return `${TITLES.Flatten} ${node.path.join('.')}`;
  if (node.kind === 'Condition') return `if $${node.condition}`;
  return TITLES[node.kind] ?? node.kind;
}

const childrenOf = (node) =>
  [
    node.nodes,
    node.node,
    node.primary,
    node.rest,
    node.ifClause,
    node.elseClause,
    node.deferred?.map(({ node: inner }) => inner),
  ]
    .flat()
    .filter(Boolean);

/** The planner's operations come on one line. */
function pretty(text) {
  let depth = 0;
  let round = 0;
  return text
    .replace(/[{}()]|,?\s+(?![^(]*\))/g, (part) => {
      if (part === '(') round++;
      if (part === ')') round--;
      if (part === '{' && round === 0) return `{\n${'  '.repeat(++depth)}`;
      if (part === '}' && round === 0) return `\n${'  '.repeat(--depth)}}\n${'  '.repeat(depth)}`;
      return part;
    })
    .replace(/\}\s+\{/g, '} {')
    .replace(/\n\s*\n/g, '\n')
    .replace(/ +$/gm, '')
    .trim();
}
