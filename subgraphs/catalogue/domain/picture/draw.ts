import { darker, lighter, mix } from './colour.ts';
import { escapeXml, line } from './label.ts';
import type { PictureRecipe, PictureText, Shape } from './recipe.ts';
import { bowl, bread, cheese, fish, fruit, meatTray, vegetable } from './shapes/fresh.ts';
import { bag, box, carton, eggBox, pouch, roll } from './shapes/packs.ts';
import { bottle, can, jar, jug, tin, tub, tube } from './shapes/vessels.ts';

const DRAWINGS: Record<Shape, (recipe: PictureRecipe, text: PictureText) => string> = {
  bag,
  bottle,
  bowl,
  box,
  bread,
  can,
  carton,
  cheese,
  'egg-box': eggBox,
  fish,
  fruit,
  jar,
  jug,
  'meat-tray': meatTray,
  pouch,
  roll,
  tin,
  tube,
  tub,
  vegetable,
};

/** Draws a product as SVG, 400 × 400 units. `packs` above 1 puts its fellows behind it and their number on it. */
export function drawPicture(recipe: PictureRecipe, text: PictureText, packs = 1): string {
  const { base, accent, shape } = recipe;
  const one = DRAWINGS[shape](recipe, text);
  const ground = mix(lighter(accent, 0.86), lighter(base, 0.9), 0.5);
  const sheen = `<stop offset='0' stop-color='${darker(base, 0.16)}'/><stop offset='.22' stop-color='${lighter(base, 0.2)}'/><stop offset='.5' stop-color='${base}'/><stop offset='1' stop-color='${darker(base, 0.24)}'/>`;
  const fellows =
    packs > 1
      ? `<g transform='translate(62 26) scale(.82)' opacity='.85'>${one}</g><g transform='translate(2 26) scale(.82)' opacity='.85'>${one}</g>`
      : '';
  const badge =
    packs > 1
      ? `<circle cx='338' cy='72' r='36' fill='${darker(accent, 0.25)}' stroke='#fff' stroke-width='4'/>${line(`× ${packs}`, 338, 81, 26, 60, "font-family='Verdana,DejaVu Sans,sans-serif' font-weight='bold' fill='#fff'")}`
      : '';
  const body = packs > 1 ? `<g transform='translate(32 44) scale(.86)'>${one}</g>` : one;
  const title = escapeXml([text.brand, text.name, text.size].filter(Boolean).join(' '));
  return (
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 400 400' role='img'><title>${title}</title>` +
    `<defs><linearGradient id='body'>${sheen}</linearGradient>` +
    `<radialGradient id='ground' cy='.42' r='.75'><stop offset='0' stop-color='#fff'/><stop offset='1' stop-color='${ground}'/></radialGradient></defs>` +
    `<rect width='400' height='400' fill='url(#ground)'/><ellipse cx='200' cy='364' rx='132' ry='14' fill='#000' opacity='.13'/>` +
    `${fellows}${body}${badge}</svg>`
  );
}
