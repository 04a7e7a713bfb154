/**
 * A GTIN-13 with its check digit (GS1 General Specifications, 7.9). Prefix 2 is for numbers of a shop's own, so none
 * of them is a real product's. @param serial 0 to 10^11 − 1
 */
export function gtinOf(serial: number): string {
  const digits = `2${String(serial).padStart(11, '0')}`;
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += Number(digits[i]) * (i % 2 === 0 ? 1 : 3);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
