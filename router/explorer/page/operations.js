// Sending operations: one answer as JSON, or a stream of server-sent events for a subscription.

/** Name and kind of each operation of a document, found without parsing it. */
export function operationsOf(text) {
  const plain = text.replace(/#[^\n]*|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"/g, (part) =>
    ' '.repeat(part.length),
  );
  const found = [];
  let depth = 0;
  for (const match of plain.matchAll(/[{}()]|\b(query|mutation|subscription)\b(?:\s+([_A-Za-z]\w*))?/g)) {
    if (match[0] === '{' || match[0] === '(') {
      if (
        depth === 0 &&
        match[0] === '{' &&
        !/(query|mutation|subscription|fragment)\b[^{}]*$/.test(plain.slice(0, match.index))
      ) {
        found.push({ kind: 'query', name: undefined, at: match.index });
      }
      depth++;
    } else if (match[0] === '}' || match[0] === ')') depth--;
    else if (depth === 0) found.push({ kind: match[1], name: match[2], at: match.index });
  }
  return found;
}

/** The operation the cursor is in, or the last one that starts before it. */
export function operationAt(text, cursor) {
  const all = operationsOf(text);
  return all.findLast(({ at }) => at <= cursor) ?? all[0];
}

export async function sendJson(params, headers = {}, signal) {
  const started = performance.now();
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...headers,
    },
    body: JSON.stringify(params),
    signal,
  });
  const text = await response.text();
  const took = performance.now() - started;
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, took, text, body, size: text.length };
}

/** Calls `onEvent` with each result of a subscription; resolves when it completes. */
export async function sendStream(params, headers, signal, onEvent) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(params),
    signal,
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
    onEvent(JSON.parse(await response.text()));
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop();
    for (const event of events) {
      const data = event.match(/^data: (.*)$/m)?.[1];
      if (/^event: next$/m.test(event) && data) onEvent(JSON.parse(data));
    }
  }
}
