/** Text that every store can keep: whole characters, and of the control characters only line breaks and tabs. */
export function isText(text: string): boolean {
  return text.isWellFormed() && !/[^\P{Cc}\n\r\t]/u.test(text);
}
