/** Characters that JSON strings must escape (and lone surrogates, which JSON.stringify makes well-formed). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must be escaped
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** `JSON.stringify` of a string, faster for the usual ones. */
export function quote(text: string): string {
  return text.length < 2000 && !ESCAPED.test(text) ? `"${text}"` : JSON.stringify(text);
}
