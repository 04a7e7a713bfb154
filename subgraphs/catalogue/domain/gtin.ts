const LENGTHS = [8, 12, 13, 14];

/**
 * The last digit of a Global Trade Item Number from the others: weights 3 and 1 alternate from the right.
 * Source: GS1 General Specifications, 7.9. @param digits the number without its check digit
 */
export function gtinCheckDigit(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const weight = (digits.length - i) % 2 === 1 ? 3 : 1;
    sum += Number(digits[i]) * weight;
  }
  return (10 - (sum % 10)) % 10;
}

/** True for 8, 12, 13 or 14 digits, the last of which is the check digit of the others. */
export function isGtin(text: string): boolean {
  if (!/^\d+$/.test(text) || !LENGTHS.includes(text.length)) return false;
  return gtinCheckDigit(text.slice(0, -1)) === Number(text.at(-1));
}
