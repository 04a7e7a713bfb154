/** Mixes two `#rrggbb` colours; `share` of the second, 0 to 1. */
export function mix(a: string, b: string, share: number): string {
  const channel = (at: number) => {
    const [x, y] = [Number.parseInt(a.slice(at, at + 2), 16), Number.parseInt(b.slice(at, at + 2), 16)];
    return Math.round(x + (y - x) * share)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

export const darker = (colour: string, share = 0.25) => mix(colour, '#1c1410', share);
export const lighter = (colour: string, share = 0.3) => mix(colour, '#ffffff', share);

/** Perceived brightness, 0 to 1 (ITU-R BT.601 weights). */
export function brightness(colour: string): number {
  const at = (start: number) => Number.parseInt(colour.slice(start, start + 2), 16) / 255;
  return 0.299 * at(1) + 0.587 * at(3) + 0.114 * at(5);
}

/** Ink that is readable on the colour. */
export function inkOn(colour: string): string {
  return brightness(colour) > 0.6 ? darker(colour, 0.78) : '#fffdf7';
}
