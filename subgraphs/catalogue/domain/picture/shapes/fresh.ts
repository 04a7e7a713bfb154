import { darker, lighter } from '../colour.ts';
import { icon } from '../icons.ts';
import { label, tag } from '../label.ts';
import type { PictureRecipe, PictureText } from '../recipe.ts';

type Draw = (recipe: PictureRecipe, text: PictureText) => string;

/** A second, dark and lower, drawing would cost its size again: a soft ellipse under the goods does. */
const shadowed = (drawing: string) =>
  `<ellipse cx='200' cy='292' rx='140' ry='18' fill='#000' opacity='.1'/>${drawing}`;

/** Three of a kind, the front one largest, with a paper tag. */
export const fruit: Draw = (recipe, text) =>
  shadowed(
    icon(recipe.motif, 142, 156, 150, recipe) +
      icon(recipe.motif, 262, 150, 150, recipe) +
      icon(recipe.motif, 202, 210, 190, recipe),
  ) + tag(text, recipe.accent);

/** In a wooden crate. */
export const vegetable: Draw = (recipe, text) => {
  const board = (y: number) =>
    `<rect x='72' y='${y}' width='256' height='34' rx='4' fill='#c99a5f' stroke='#9b7140' stroke-width='2'/>`;
  const crowd = [
    [122, 178, 120],
    [200, 150, 140],
    [278, 178, 120],
    [160, 216, 120],
    [240, 216, 120],
  ] as const;
  return (
    shadowed(crowd.map(([x, y, size]) => icon(recipe.motif, x, y, size, recipe)).join('')) +
    board(252) +
    board(290) +
    "<path d='M84 248V328M316 248V328' stroke='#8a6337' stroke-width='10'/>" +
    tag(text, recipe.accent, 262)
  );
};

export const bread: Draw = ({ base, accent }, text) => {
  const crust = darker(base, 0.15);
  return (
    shadowed(
      `<path d='M70 210C62 150 120 112 200 112C280 112 338 150 330 210C328 238 316 244 312 268C308 292 290 296 200 296C110 296 92 292 88 268C84 244 72 238 70 210Z' fill='url(#body)'/>` +
        [128, 188, 248]
          .map(
            (x) =>
              `<path d='M${x} 196C${x + 4} 168 ${x + 22} 142 ${x + 40} 132' stroke='${lighter(base, 0.55)}' stroke-width='13' stroke-linecap='round' fill='none'/><path d='M${x + 5} 200C${x + 9} 174 ${x + 26} 148 ${x + 44} 138' stroke='${crust}' stroke-width='3' fill='none'/>`,
          )
          .join(''),
    ) + tag(text, accent, 306)
  );
};

export const cheese: Draw = ({ base, accent }, text) =>
  shadowed(
    `<path d='M70 206L300 110C322 126 332 160 332 196L70 236Z' fill='${lighter(base, 0.3)}'/><path d='M70 236L332 196V276L70 300Z' fill='url(#body)'/>` +
      [
        [120, 262, 15],
        [188, 268, 20],
        [262, 240, 16],
        [306, 254, 9],
        [226, 162, 12],
        [270, 168, 18],
        [172, 202, 12],
      ]
        .map(
          ([x, y, r]) =>
            `<ellipse cx='${x}' cy='${y}' rx='${r}' ry='${r! * 0.82}' fill='${darker(base, 0.2)}'/>`,
        )
        .join(''),
  ) + tag(text, accent);

export const fish: Draw = ({ base, accent }, text) =>
  shadowed(
    `<path d='M54 206C104 134 210 138 268 190L334 146C328 178 328 226 334 262L268 216C210 270 104 276 54 206Z' fill='url(#body)'/>` +
      `<path d='M150 154C172 128 206 126 226 150Z' fill='${darker(base, 0.2)}'/><circle cx='96' cy='196' r='8' fill='#fff'/><circle cx='96' cy='196' r='4.5' fill='#17222b'/>` +
      `<path d='M126 176C140 194 140 218 126 238' stroke='${darker(base, 0.25)}' stroke-width='5' fill='none'/>` +
      [160, 190, 220]
        .flatMap((x) =>
          [186, 206, 226].map(
            (y) =>
              `<path d='M${x} ${y - 8}C${x + 9} ${y - 4} ${x + 9} ${y + 4} ${x} ${y + 8}' stroke='${lighter(base, 0.45)}' stroke-width='3' fill='none'/>`,
          ),
        )
        .join(''),
  ) + tag(text, accent, 300);

export const meatTray: Draw = (recipe, text) => {
  const { accent } = recipe;
  return (
    `<rect x='48' y='120' width='304' height='222' rx='26' fill='#2b2f33'/><rect x='62' y='134' width='276' height='194' rx='18' fill='#3b4046'/>` +
    shadowed(icon(recipe.motif, 138, 214, 150, recipe) + icon(recipe.motif, 262, 214, 150, recipe)) +
    `<path d='M62 152Q62 134 80 134H320Q338 134 338 152L62 300Z' fill='#fff' opacity='.1'/>` +
    `<rect x='76' y='262' width='248' height='66' rx='6' fill='${accent}'/>` +
    label({ ...recipe, motif: '' }, text, { x: 84, y: 264, width: 232, height: 64 }, accent)
  );
};

export const bowl: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  const food = [
    [150, 178],
    [200, 160],
    [250, 178],
    [176, 196],
    [226, 196],
  ] as const;
  return (
    shadowed(food.map(([x, y]) => icon(recipe.motif, x, y, 92, recipe)).join('')) +
    `<path d='M78 204H322C322 290 276 336 200 336C124 336 78 290 78 204Z' fill='url(#body)'/><rect x='70' y='194' width='260' height='20' rx='10' fill='${lighter(base, 0.35)}'/>` +
    `<rect x='116' y='224' width='168' height='86' rx='12' fill='${accent}'/>` +
    label({ ...recipe, motif: '' }, text, { x: 122, y: 228, width: 156, height: 78 }, accent)
  );
};
