import { darker, lighter } from './colour.ts';
import type { PictureRecipe } from './recipe.ts';

type Draw = (recipe: PictureRecipe) => string;

const leaf = (fill: string, at = '') =>
  `<path ${at} d='M0 0C10-24 34-24 46-14C38 6 18 12 0 0Z' fill='${fill}'/>`;
const round = (r: number, fill: string, x = 0, y = 0) =>
  `<circle cx='${x}' cy='${y}' r='${r}' fill='${fill}'/>`;
const GREEN = '#4f8f3a';
const STEM =
  "<path d='M0-32C2-42 6-46 10-50' stroke='#6b4a2b' stroke-width='5' fill='none' stroke-linecap='round'/>";

const grain = (x: number, y: number, turn: number) =>
  `<ellipse cx='${x}' cy='${y}' rx='6' ry='13' transform='rotate(${turn} ${x} ${y})' fill='#d9a441'/>`;
const ear =
  "<path d='M0 48V-34' stroke='#b98a2f' stroke-width='4'/>" +
  grain(0, -38, 0) +
  [-22, -4, 14].map((y) => grain(-11, y, 28) + grain(11, y, -28)).join('');

const berries = (colour: string) =>
  [
    [-16, 4],
    [16, 4],
    [0, 22],
    [0, -10],
  ]
    .map(([x, y]) => round(17, colour, x, y) + round(5, lighter(colour, 0.5), x! - 5, y! - 6))
    .join('');

const bunch = (colour: string) =>
  [
    [-24, -12],
    [0, -14],
    [24, -12],
    [-13, 8],
    [13, 8],
    [0, 28],
  ]
    .map(([x, y]) => round(15, colour, x, y) + round(4, lighter(colour, 0.45), x! - 5, y! - 5))
    .join('') +
  STEM +
  leaf(GREEN, "transform='translate(4 -34)'");

const citrus = (colour: string) =>
  round(40, colour) +
  round(33, lighter(colour, 0.75)) +
  Array.from(
    { length: 8 },
    (_, i) => `<path d='M0-5L10-29A31 31 0 0 0-10-29Z' transform='rotate(${i * 45})' fill='${colour}'/>`,
  ).join('');

const orchard = (colour: string) =>
  `<path d='M0-26C-14-38-46-32-42 6C-38 36-14 46 0 38C14 46 38 36 42 6C46-32 14-38 0-26Z' fill='${colour}'/>` +
  `<path d='M-26-18C-34-8-34 6-30 14' stroke='${lighter(colour, 0.55)}' stroke-width='6' fill='none' stroke-linecap='round'/>` +
  STEM +
  leaf(GREEN, "transform='translate(6 -38) scale(.7)'");

const ICONS: Record<string, Draw> = {
  apple: ({ base }) => orchard(base),
  almond: () =>
    "<path d='M0-42C28-16 30 20 0 42C-30 20-28-16 0-42Z' fill='#b9773a'/><path d='M-6-22C-12 0-10 16-4 30M8-22C12-4 12 12 8 26' stroke='#8f5626' stroke-width='3' fill='none'/>",
  banana: () =>
    "<path d='M-44-22C-30 26 14 44 46 16C48 8 44 4 38 6C8 16-18 2-32-30C-38-36-46-32-44-22Z' fill='#f4cf3f'/><path d='M-38-14C-20 24 14 34 40 14' stroke='#caa01f' stroke-width='4' fill='none'/><path d='M-44-24L-40-38L-32-36L-32-28Z' fill='#7a5a1d'/>",
  bean: () =>
    "<path d='M-34-12C-30-40 8-42 12-18C14-4 30-8 36 8C42 30 14 44-8 34C-30 26-38 8-34-12Z' fill='#8c3b2e'/><path d='M-20-16C-16-26-6-28 0-24' stroke='#c27a66' stroke-width='6' fill='none' stroke-linecap='round'/>",
  berry: ({ base }) => berries(base) + leaf(GREEN, "transform='translate(-4 -24) scale(.6)'"),
  broccoli: () =>
    "<path d='M-12 8L-8 44H10L14 8Z' fill='#9cc069'/>" +
    [
      [-26, -4],
      [26, -4],
      [0, -2],
      [-14, -24],
      [14, -24],
    ]
      .map(([x, y]) => round(21, '#3f8a34', x, y) + round(7, '#5daa4c', x! - 6, y! - 7))
      .join(''),
  carrot: () =>
    "<path d='M-18-20C0-30 18-22 20-12C14 20 4 40-2 48C-12 34-22 4-18-20Z' fill='#ee7f23'/><path d='M-12-4H0M4 8H12M-6 22H2' stroke='#c25f12' stroke-width='3'/><path d='M0-22C-16-34-16-46-14-52M2-22C2-36 4-46 4-54M4-22C16-32 20-42 22-50' stroke='#4f9a3c' stroke-width='6' fill='none' stroke-linecap='round'/>",
  chicken: () =>
    "<path d='M-38 4C-38-26 8-36 26-10C34 2 26 22 8 30C-16 40-38 26-38 4Z' fill='#c98a4a'/><path d='M20 6L40 26' stroke='#efe2c8' stroke-width='12' stroke-linecap='round'/><circle cx='44' cy='24' r='8' fill='#efe2c8'/><circle cx='38' cy='32' r='8' fill='#efe2c8'/>",
  chilli: () =>
    "<path d='M-16-24C0-34 20-24 18-4C14 24-10 40-40 40C-14 26-16 0-16-24Z' fill='#d3272c'/><path d='M2-30C6-40 14-46 22-46' stroke='#4f8f3a' stroke-width='7' fill='none' stroke-linecap='round'/>",
  chocolate: () =>
    "<rect x='-40' y='-34' width='80' height='68' rx='6' fill='#5b3420'/>" +
    [-36, 2]
      .flatMap((x) =>
        [-30, 2].map((y) => `<rect x='${x}' y='${y}' width='34' height='28' rx='4' fill='#7a4a2e'/>`),
      )
      .join(''),
  citrus: ({ base }) => citrus(base),
  cocoa: () =>
    "<path d='M0-44C26-24 26 22 0 44C-26 22-26-24 0-44Z' fill='#8a5230'/><path d='M0-40V40M-12-26C-16-8-16 10-12 26M12-26C16-8 16 10 12 26' stroke='#6b3c20' stroke-width='3' fill='none'/>",
  coffee: () =>
    "<ellipse rx='30' ry='40' transform='rotate(28)' fill='#6b4226'/><path d='M14-34C-12-14 16 10-14 36' stroke='#3f2413' stroke-width='5' fill='none'/>",
  cow: () =>
    "<path d='M-34-22C-30 30-16 40 0 40C16 40 30 30 34-22C20-38-20-38-34-22Z' fill='#fff' stroke='#4b3a32' stroke-width='3'/><path d='M-34-22C-24-36-8-36-8-24C-8-6-28-2-30-8Z' fill='#4b3a32'/><ellipse cy='26' rx='20' ry='13' fill='#f3b7ae'/><circle cx='-12' cy='-2' r='4' fill='#222'/><circle cx='12' cy='-2' r='4' fill='#222'/><circle cx='-7' cy='26' r='3' fill='#7b3f3a'/><circle cx='7' cy='26' r='3' fill='#7b3f3a'/><path d='M-34-20L-50-28L-38-8ZM34-20L50-28L38-8Z' fill='#e9d7c8'/>",
  cucumber: () =>
    "<rect x='-50' y='-14' width='100' height='28' rx='14' transform='rotate(-24)' fill='#3f8a3a'/><g transform='rotate(-24)'><path d='M-36-6H30M-30 5H36' stroke='#66ad57' stroke-width='3' stroke-dasharray='9 6'/></g>",
  drop: ({ base }) =>
    `<path d='M0-46C20-16 32 0 32 16A32 32 0 0 1-32 16C-32 0-20-16 0-46Z' fill='${lighter(base, 0.45)}'/><path d='M-16 12C-16 24-8 32 2 33' stroke='#fff' stroke-width='5' fill='none' stroke-linecap='round'/>`,
  egg: () =>
    "<path d='M0-44C24-44 36-4 34 14A34 30 0 0 1-34 14C-36-4-24-44 0-44Z' fill='#f2d3ae'/><path d='M-14-22C-20-10-22 2-20 8' stroke='#fff' stroke-width='6' fill='none' stroke-linecap='round' opacity='.7'/>",
  fish: () =>
    "<path d='M-46 0C-24-30 14-28 30-4L50-22V22L30 4C14 28-24 30-46 0Z' fill='#7fa6bd'/><circle cx='-28' cy='-5' r='4' fill='#1d2b36'/><path d='M-12-16C-6-6-6 6-12 16M4-16C10-6 10 6 4 16' stroke='#5d879f' stroke-width='3' fill='none'/>",
  flower: ({ accent }) =>
    Array.from(
      { length: 6 },
      (_, i) =>
        `<ellipse cy='-26' rx='13' ry='20' transform='rotate(${i * 60})' fill='${lighter(accent, 0.4)}'/>`,
    ).join('') + round(13, '#f4c542'),
  garlic: () =>
    "<path d='M0-44C6-24 38-14 36 14C34 38 12 42 0 42C-12 42-34 38-36 14C-38-14-6-24 0-44Z' fill='#f5efe2' stroke='#cdbfa6' stroke-width='3'/><path d='M-10-18C-20 4-16 30-8 40M10-18C20 4 16 30 8 40M0-40V40' stroke='#d8ccb6' stroke-width='3' fill='none'/>",
  grapes: ({ base }) => bunch(base),
  herb: () =>
    "<path d='M0 48C2 20 0 0 0-30' stroke='#3c7a2d' stroke-width='5' fill='none'/>" +
    [-30, -10, 12]
      .map(
        (y, i) =>
          leaf('#4f9a3c', `transform='translate(0 ${y + 18}) rotate(-22) scale(${0.8 - i * 0.02})'`) +
          leaf('#5fae49', `transform='translate(0 ${y + 18}) scale(-.8 .8) rotate(-22)'`),
      )
      .join(''),
  honey: () =>
    "<path d='M0-40L34-20V20L0 40L-34 20V-20Z' fill='#eeae2d' stroke='#b97b10' stroke-width='4'/><path d='M0-18L15-9V9L0 18L-15 9V-9Z' fill='#f7d071'/>",
  leaf: () =>
    "<path d='M-40 30C-44-20-4-44 42-40C44 8 16 44-26 34Z' fill='#58a044'/><path d='M-44 44C-20 10 4-10 30-28' stroke='#356f28' stroke-width='5' fill='none' stroke-linecap='round'/>",
  lettuce: () =>
    [0, 60, 120, 180, 240, 300]
      .map(
        (turn) =>
          `<ellipse cy='-20' rx='22' ry='26' transform='rotate(${turn})' fill='#6fb04d' stroke='#4f8f37' stroke-width='2'/>`,
      )
      .join('') +
    round(24, '#93c96a') +
    round(13, '#b9dd8d'),
  lemon: () =>
    "<path d='M-46 0C-40-6-36-28 0-30C36-28 40-6 46 0C40 6 36 28 0 30C-36 28-40 6-46 0Z' fill='#f6d83b'/><path d='M-24-12C-16-20-6-22 2-22' stroke='#fff6b8' stroke-width='6' fill='none' stroke-linecap='round'/>" +
    leaf(GREEN, "transform='translate(34 -12) scale(.6)'"),
  meat: () =>
    "<path d='M-40 4C-42-28-6-40 18-32C46-22 46 16 24 28C2 40-36 36-40 4Z' fill='#b5393b'/><path d='M-28 2C-28-16-4-26 12-22C30-16 32 8 18 16C2 26-26 22-28 2Z' fill='#cf5a57'/><circle cx='10' cy='-4' r='9' fill='#f2e4d0'/><path d='M-20 12C-10 2-4 14 4 18' stroke='#f0c9c0' stroke-width='4' fill='none'/>",
  mushroom: () =>
    "<path d='M-42 4C-42-28-18-40 0-40C18-40 42-28 42 4Z' fill='#c9a27a'/><path d='M-14 4L-12 40H12L14 4Z' fill='#f0e3d0'/><circle cx='-16' cy='-16' r='6' fill='#e5cdb0'/><circle cx='14' cy='-22' r='7' fill='#e5cdb0'/>",
  noodle: () =>
    [-24, -8, 8, 24]
      .map(
        (y) =>
          `<path d='M-42 ${y}C-28 ${y - 18}-14 ${y + 18} 0 ${y}S28 ${y - 18} 42 ${y}' stroke='#e9bf57' stroke-width='8' fill='none' stroke-linecap='round'/>`,
      )
      .join(''),
  olive: () =>
    "<ellipse cx='-14' cy='8' rx='20' ry='26' transform='rotate(-20 -14 8)' fill='#6d7f2b'/><ellipse cx='20' cy='12' rx='18' ry='24' transform='rotate(18 20 12)' fill='#3f3a46'/><circle cx='-18' cy='22' r='5' fill='#c9452c'/>" +
    leaf('#7f9a4e', "transform='translate(-4 -14)'"),
  onion: () =>
    "<path d='M0-44C4-24 40-16 38 12C36 36 14 42 0 42C-14 42-36 36-38 12C-40-16-4-24 0-44Z' fill='#c77f3b'/><path d='M-8-22C-26 0-22 26-10 40M8-22C26 0 22 26 10 40' stroke='#a5632a' stroke-width='3' fill='none'/>",
  peanut: () =>
    "<path d='M-34-20C-34-46 2-46 4-24C6-12 34-10 36 14C38 42-2 46-6 22C-8 6-34 6-34-20Z' fill='#d3a259'/><path d='M-24-24H-8M-20-8H0M2 12H22M4 26H24' stroke='#b07f3a' stroke-width='3'/>",
  pear: ({ base }) =>
    `<path d='M0-36C14-36 14-14 22 2C36 30 18 44 0 44C-18 44-36 30-22 2C-14-14-14-36 0-36Z' fill='${base}'/>${STEM}<path d='M-16 6C-22 18-20 28-14 32' stroke='#fff' opacity='.5' stroke-width='6' fill='none' stroke-linecap='round'/>`,
  pepper: ({ base }) =>
    `<path d='M0-22C-14-34-42-26-38 6C-34 36-16 44-8 40C-4 46 4 46 8 40C16 44 34 36 38 6C42-26 14-34 0-22Z' fill='${base}'/><path d='M0-22V36' stroke='${darker(base, 0.18)}' stroke-width='4'/><path d='M-2-24C-2-36 4-42 12-44' stroke='#4f8f3a' stroke-width='9' fill='none' stroke-linecap='round'/>`,
  pineapple: () =>
    "<ellipse cy='12' rx='28' ry='34' fill='#e2a52c'/><path d='M-24-4L24 28M-26 14L12 42M-12-18L26 10M24-4L-24 28M26 14L-12 42M12-18L-26 10' stroke='#b57e16' stroke-width='3'/><path d='M0-20L-18-48L-4-36L0-54L4-36L18-48Z' fill='#4f9a3c'/>",
  potato: () =>
    "<path d='M-40 2C-40-26-14-34 8-30C34-26 46-6 40 14C34 36-4 38-22 32C-36 28-40 14-40 2Z' fill='#c99d5f'/><circle cx='-14' cy='-8' r='3' fill='#9c7338'/><circle cx='14' cy='4' r='3' fill='#9c7338'/><circle cx='-4' cy='18' r='3' fill='#9c7338'/>",
  prawn: () =>
    "<path d='M30-30C-14-44-44-10-34 18C-26 40 4 42 14 30C-6 30-14 14-6 0C4-14 20-12 34-14Z' fill='#ef8a63'/><path d='M-26-14L-12-2M-36 6L-14 8M-22 32L-8 18' stroke='#c9623e' stroke-width='3'/><path d='M14 30L34 42L26 24Z' fill='#d96f48'/>",
  rice: () =>
    Array.from(
      { length: 9 },
      (_, i) =>
        `<ellipse cx='${((i % 3) - 1) * 26}' cy='${(Math.floor(i / 3) - 1) * 24}' rx='7' ry='14' transform='rotate(${i * 37} ${((i % 3) - 1) * 26} ${(Math.floor(i / 3) - 1) * 24})' fill='#f7f0df' stroke='#d8c9a4' stroke-width='2'/>`,
    ).join(''),
  star: ({ accent }) =>
    `<path d='M0-42L12-14L42-12L18 8L26 38L0 22L-26 38L-18 8L-42-12L-12-14Z' fill='${lighter(accent, 0.35)}'/>`,
  strawberry: () =>
    "<path d='M0 44C-30 24-40-2-28-18C-16-28-6-22 0-22C6-22 16-28 28-18C40-2 30 24 0 44Z' fill='#d92b3a'/>" +
    [
      [-14, -4],
      [10, -6],
      [-4, 12],
      [14, 12],
      [0, 28],
    ]
      .map(([x, y]) => `<ellipse cx='${x}' cy='${y}' rx='2.5' ry='4' fill='#f7d56a'/>`)
      .join('') +
    "<path d='M0-20L-22-34L-6-32L0-46L6-32L22-34Z' fill='#4f9a3c'/>",
  tea: () =>
    "<path d='M-32-14H24V16A24 24 0 0 1 0 38H-8A24 24 0 0 1-32 16Z' fill='#fff' stroke='#8a6a4a' stroke-width='4'/><path d='M24-8C44-12 44 18 22 18' stroke='#8a6a4a' stroke-width='5' fill='none'/><path d='M-16-24C-22-34-10-38-16-48M4-24C-2-34 10-38 4-48' stroke='#a89078' stroke-width='4' fill='none' stroke-linecap='round'/>",
  tomato: () =>
    "<ellipse cy='6' rx='42' ry='36' fill='#d8392b'/><path d='M-24-8C-28 2-26 12-22 16' stroke='#f19183' stroke-width='6' fill='none' stroke-linecap='round'/><path d='M0-24L-20-32L-8-22L-16-10L0-20L16-10L8-22L20-32Z' fill='#4f8f3a'/>",
  wheat: () => ear,
  bubble: ({ base }) =>
    round(26, lighter(base, 0.6), -10, 8) +
    round(15, lighter(base, 0.7), 22, -14) +
    round(9, lighter(base, 0.75), 22, 22) +
    round(6, '#fff', -18, -2),
};

export const MOTIFS = Object.keys(ICONS);

/** The motif, fitted into a square of `size` around (x, y); nothing for an unknown one. */
export function icon(motif: string, x: number, y: number, size: number, recipe: PictureRecipe): string {
  const draw = ICONS[motif];
  return draw
    ? `<g transform='translate(${x} ${y}) scale(${(size / 108).toFixed(3)})'>${draw(recipe)}</g>`
    : '';
}
