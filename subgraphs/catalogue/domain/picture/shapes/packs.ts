import { darker, lighter } from '../colour.ts';
import { label } from '../label.ts';
import type { PictureRecipe, PictureText } from '../recipe.ts';

type Draw = (recipe: PictureRecipe, text: PictureText) => string;

export const box: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  return (
    `<path d='M104 76L134 52H314L284 76Z' fill='${lighter(base, 0.3)}'/><path d='M284 76L314 52V334L284 362Z' fill='${darker(base, 0.28)}'/>` +
    `<rect x='104' y='76' width='180' height='286' fill='url(#body)'/><path d='M104 300C160 262 220 330 284 284V362H104Z' fill='${accent}' opacity='.9'/>` +
    label(recipe, text, { x: 112, y: 88, width: 164, height: 196 }, base)
  );
};

export const carton: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  return (
    `<path d='M128 132L154 84H246L272 132Z' fill='${lighter(base, 0.25)}'/><rect x='150' y='56' width='100' height='30' fill='${accent}'/><path d='M150 70H250' stroke='#00000030' stroke-width='3'/>` +
    `<circle cx='200' cy='108' r='17' fill='${darker(accent, 0.15)}'/><circle cx='200' cy='108' r='10' fill='${lighter(accent, 0.3)}'/>` +
    `<rect x='128' y='132' width='144' height='230' fill='url(#body)'/><path d='M128 316H272V362H128Z' fill='${accent}'/>` +
    `<path d='M128 132H272' stroke='#00000022' stroke-width='3'/>` +
    label(recipe, text, { x: 134, y: 140, width: 132, height: 170 }, base)
  );
};

export const bag: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  const teeth = Array.from({ length: 18 }, (_, i) => `L${112 + i * 10 + 5} 58L${112 + (i + 1) * 10} 66`).join(
    '',
  );
  return (
    `<path d='M112 66${teeth}V92C284 120 300 300 290 350Q286 364 268 362C220 356 180 356 132 362Q114 364 110 350C100 300 108 120 112 92Z' fill='url(#body)'/>` +
    `<path d='M112 70H292V92H112Z' fill='${darker(base, 0.14)}'/><path d='M118 81H286' stroke='#ffffff66' stroke-width='2' stroke-dasharray='6 5'/>` +
    `<path d='M107 262C150 232 250 296 295 256C298 300 296 330 290 350Q286 364 268 362C220 356 180 356 132 362Q114 364 110 350C106 320 105 292 107 262Z' fill='${accent}' opacity='.92'/>` +
    label(recipe, text, { x: 120, y: 98, width: 160, height: 160 }, base) +
    `<path d='M132 120C126 180 126 240 130 300' stroke='#fff' stroke-width='8' stroke-linecap='round' fill='none' opacity='.28'/>`
  );
};

export const pouch: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  return (
    `<path d='M118 62H282L290 330Q290 362 262 362H138Q110 362 110 330Z' fill='url(#body)'/>` +
    `<path d='M118 62H282L283 88H117Z' fill='${accent}'/><path d='M124 96H276' stroke='#00000030' stroke-width='3'/>` +
    `<path d='M111 322Q200 282 289 322L290 332Q290 362 262 362H138Q110 362 110 332Z' fill='${darker(base, 0.16)}'/>` +
    `<ellipse cx='200' cy='196' rx='78' ry='92' fill='${lighter(base, 0.82)}'/>` +
    label(recipe, text, { x: 138, y: 112, width: 124, height: 170 }, lighter(base, 0.82))
  );
};

export const roll: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  const one = (x: number, y: number) =>
    `<path d='M${x} ${y}V${y + 92}C${x} ${y + 116} ${x + 96} ${y + 116} ${x + 96} ${y + 92}V${y}Z' fill='#f4f1ea'/>` +
    `<ellipse cx='${x + 48}' cy='${y}' rx='48' ry='19' fill='#fffdf8' stroke='#ddd6c8' stroke-width='2'/><ellipse cx='${x + 48}' cy='${y}' rx='15' ry='6' fill='#b9a98d'/>`;
  return (
    one(100, 104) +
    one(204, 104) +
    one(100, 226) +
    one(204, 226) +
    `<path d='M92 90H308V346H92Z' fill='${base}' opacity='.22'/><rect x='92' y='170' width='216' height='118' rx='8' fill='${accent}'/>` +
    label(recipe, text, { x: 104, y: 176, width: 192, height: 108 }, accent)
  );
};

export const eggBox: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  const eggs = [88, 144, 200, 256, 312].map(
    (x, i) =>
      `<path d='M${x} 120C${x + 18} 120 ${x + 27} 152 ${x + 26} 172H${x - 26}C${x - 27} 152 ${x - 18} 120 ${x} 120Z' fill='${i % 2 ? '#e8bf92' : '#f2d6b3'}'/>`,
  );
  return (
    eggs.join('') +
    `<path d='M52 168Q74 150 88 170Q116 150 144 170Q172 150 200 170Q228 150 256 170Q284 150 312 170Q328 150 348 168L334 330Q332 346 314 346H86Q68 346 66 330Z' fill='url(#body)'/>` +
    `<rect x='96' y='196' width='208' height='126' rx='10' fill='${accent}'/><path d='M70 196V318M330 196V318' stroke='${darker(base, 0.2)}' stroke-width='3' opacity='.5'/>` +
    label({ ...recipe, motif: '' }, text, { x: 104, y: 208, width: 192, height: 104 }, accent)
  );
};
