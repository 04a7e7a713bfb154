import { inkOn, mix } from './colour.ts';
import { icon } from './icons.ts';
import type { PictureRecipe, PictureText } from './recipe.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeXml = (text: string) => text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** Breaks a text into at most `max` lines of about `width` characters; what does not fit is dropped. */
export function wrap(text: string, width: number, max: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (longer.length <= width || !line) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line) lines.push(line);
  return lines.slice(0, max);
}

const SANS = "font-family='Trebuchet MS,DejaVu Sans,Verdana,sans-serif'";
const SERIF = "font-family='Georgia,DejaVu Serif,serif'";

/** One line, centred, in a smaller size when it would stick out. */
export function line(text: string, x: number, y: number, size: number, width: number, extra = ''): string {
  const fitting = Math.min(size, width / Math.max(1, text.length * 0.6));
  return `<text x='${x}' y='${y}' font-size='${fitting.toFixed(1)}' text-anchor='middle' ${extra}>${escapeXml(text)}</text>`;
}

/** On a low label there is room for two lines: the name, and whose it is. */
function lowLabel(text: PictureText, { x, y, width, height }: Box, ink: string): string {
  const middle = x + width / 2;
  const size = `${text.brand ? `${text.brand} · ` : ''}${text.size}`;
  const [first = ''] = wrap(text.name, 30, 1);
  const bold = `${SANS} font-weight='bold' fill='${ink}'`;
  return (
    line(first, middle, y + height * 0.47, height * 0.3, width - 10, bold) +
    line(size, middle, y + height * 0.8, height * 0.23, width - 10, `${SERIF} fill='${ink}' opacity='.85'`)
  );
}

/** Brand, motif, name and size, laid out from top to bottom of the box. */
export function label(recipe: PictureRecipe, text: PictureText, box: Box, ground: string): string {
  const { x, y, width, height } = box;
  const middle = x + width / 2;
  const ink = inkOn(ground);
  if (height < 110) return lowLabel(text, box, ink);
  const brandSize = Math.min(24, width / 5.5, height / 5);
  const nameSize = Math.min(17, width / 8.5, height / 7);
  const names = wrap(
    text.name,
    Math.max(9, Math.floor((width - 12) / (nameSize * 0.55))),
    height > 120 ? 3 : 2,
  );
  const bottom = y + height - nameSize * 0.55;
  const nameTop = bottom - nameSize * 1.1 - (names.length - 1) * nameSize * 1.15;
  const brandBase = y + brandSize * 1.15;
  const room = nameTop - nameSize - brandBase;
  const drawn =
    recipe.motif && room > 26
      ? icon(recipe.motif, middle, brandBase + room / 2 + 2, Math.min(room, width * 0.6) * 0.9, recipe)
      : '';
  return [
    text.brand &&
      line(text.brand, middle, brandBase, brandSize, width - 12, `${SERIF} font-weight='bold' fill='${ink}'`),
    drawn,
    ...names.map((name, i) =>
      line(name, middle, nameTop + i * nameSize * 1.15, nameSize, width - 10, `${SANS} fill='${ink}'`),
    ),
    line(text.size, middle, bottom, nameSize * 0.8, width - 10, `${SANS} fill='${mix(ink, ground, 0.25)}'`),
  ].join('');
}

/** A paper tag for goods that carry no label themselves. */
export function tag(text: PictureText, accent: string, y = 318): string {
  return (
    `<rect x='92' y='${y}' width='216' height='56' rx='9' fill='${accent}' stroke='#00000022'/>` +
    lowLabel(text, { x: 92, y, width: 216, height: 56 }, inkOn(accent))
  );
}
