// Colours for GraphQL and JSON text, by one pass of a regular expression each.
const GRAPHQL =
  /(#[^\n]*)|("""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"?)|(\$[_A-Za-z]\w*)|(@[_A-Za-z]\w*)|([_A-Za-z]\w*)|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(\.\.\.|[{}()[\]:!=|&])/g;
const JSON_TEXT =
  /("(?:\\.|[^"\\\n])*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b|([{}[\],:])/g;
const KEYWORDS = new Set(['query', 'mutation', 'subscription', 'fragment', 'on', 'true', 'false', 'null']);

const escapeHtml = (text) => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]);
const span = (kind, text) => `<span class="t-${kind}">${escapeHtml(text)}</span>`;

function paint(text, pattern, kindOf) {
  let html = '';
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    html += escapeHtml(text.slice(end, match.index));
    html += kindOf(match);
    end = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(end));
}

export const highlightGraphql = (text) =>
  paint(text, GRAPHQL, ([all, comment, string, variable, directive, name, number]) => {
    if (comment) return span('comment', all);
    if (string) return span('string', all);
    if (variable || number) return span('number', all);
    if (directive) return span('word', all);
    if (name) return KEYWORDS.has(name) ? span('word', all) : span('key', all);
    return span('punct', all);
  });

export const highlightJson = (text) =>
  paint(text, JSON_TEXT, ([all, string, colon, number, word]) => {
    if (string) return span(colon ? 'key' : 'string', string) + (colon ? span('punct', colon) : '');
    if (number) return span('number', all);
    return word ? span('word', all) : span('punct', all);
  });
