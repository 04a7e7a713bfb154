/** Twelve to nineteen digits, single spaces or dashes between them, not part of a longer run. */
const RUN = /(?<![0-9])[0-9](?:[ -]?[0-9]){11,18}(?![0-9])/g;

/** Check digit of ISO/IEC 7812-1, which every card number ends in. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether a text holds something that looks like a card number, also in full-width or other digits of Unicode. */
export function holdsCardNumber(text: string): boolean {
  const plain = text.normalize('NFKC');
  return [...plain.matchAll(RUN)].some(([run]) => passesLuhn(run.replace(/[ -]/g, '')));
}

/** The path of the first text in an input that looks like a card number; the text itself goes nowhere. */
export function findCardNumber(input: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof input === 'string') return holdsCardNumber(input) ? path : undefined;
  if (typeof input !== 'object' || input === null) return undefined;
  for (const [name, value] of Object.entries(input)) {
    const found = findCardNumber(value, [...path, name]);
    if (found) return found;
  }
  return undefined;
}
