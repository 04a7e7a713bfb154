import { darker, lighter } from '../colour.ts';
import { label } from '../label.ts';
import type { PictureRecipe, PictureText } from '../recipe.ts';

type Draw = (recipe: PictureRecipe, text: PictureText) => string;

const paper = (x: number, y: number, width: number, height: number, fill: string, rx = 6) =>
  `<rect x='${x}' y='${y}' width='${width}' height='${height}' rx='${rx}' fill='${fill}'/>`;
const shine = (d: string) =>
  `<path d='${d}' stroke='#fff' stroke-width='9' stroke-linecap='round' fill='none' opacity='.35'/>`;

export const bottle: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  const outline =
    'M176 62H224V112C224 134 262 146 262 186V342Q262 360 244 360H156Q138 360 138 342V186C138 146 176 134 176 112Z';
  return (
    `<path d='${outline}' fill='url(#body)'/><rect x='171' y='38' width='58' height='32' rx='7' fill='${darker(accent, 0.1)}'/>` +
    `<path d='M171 58H229' stroke='#00000033' stroke-width='2'/>${shine('M154 200V330')}` +
    paper(138, 196, 124, 128, accent, 0) +
    `<path d='M138 196H262M138 324H262' stroke='${lighter(base, 0.5)}' stroke-width='4'/>` +
    label(recipe, text, { x: 140, y: 200, width: 120, height: 122 }, accent)
  );
};

export const jug: Draw = (recipe, text) => {
  const { accent } = recipe;
  return (
    `<path d='M170 80H238L246 116C276 134 284 160 284 192V336Q284 360 262 360H138Q116 360 116 336V190C116 156 140 132 166 116Z' fill='url(#body)'/>` +
    `<path d='M262 150C300 150 302 236 284 248' stroke='${darker(recipe.base, 0.12)}' stroke-width='16' fill='none' stroke-linecap='round'/>` +
    `<rect x='166' y='50' width='74' height='38' rx='9' fill='${accent}'/><path d='M178 54V84M192 54V84M206 54V84M220 54V84' stroke='#00000026' stroke-width='3'/>` +
    paper(128, 186, 138, 148, accent, 14) +
    label(recipe, text, { x: 132, y: 194, width: 130, height: 134 }, accent) +
    shine('M130 206V320')
  );
};

export const jar: Draw = (recipe, text) => {
  const { base, accent } = recipe;
  return (
    `<path d='M124 120H276Q292 128 292 152V330Q292 360 262 360H138Q108 360 108 330V152Q108 128 124 120Z' fill='url(#body)'/>` +
    `<path d='M120 140Q200 152 280 140' stroke='${lighter(base, 0.5)}' stroke-width='4' fill='none' opacity='.6'/>` +
    `<rect x='116' y='76' width='168' height='48' rx='10' fill='${darker(accent, 0.2)}'/>` +
    `<path d='M${Array.from({ length: 13 }, (_, i) => `${126 + i * 12.5} 82V118`).join('M')}' stroke='#ffffff40' stroke-width='3'/>` +
    paper(108, 176, 184, 150, accent, 4) +
    label(recipe, text, { x: 116, y: 182, width: 168, height: 140 }, accent) +
    shine('M124 154V166M124 336V340')
  );
};

export const tube: Draw = (recipe, text) => {
  const { accent } = recipe;
  return (
    `<path d='M122 60H278L262 312H138Z' fill='url(#body)'/><path d='M118 46H282V66H118Z' fill='${darker(recipe.base, 0.15)}'/>` +
    `<path d='M124 50V62M140 50V62M156 50V62M172 50V62M188 50V62M204 50V62M220 50V62M236 50V62M252 50V62M268 50V62' stroke='#ffffff55' stroke-width='3'/>` +
    `<path d='M152 312H248L242 360H158Z' fill='${accent}'/><path d='M170 320V352M186 320V352M202 320V352M218 320V352M234 320V352' stroke='#00000022' stroke-width='3'/>` +
    label(recipe, text, { x: 142, y: 84, width: 116, height: 200 }, recipe.base)
  );
};

export const tub: Draw = (recipe, text) => {
  const { accent } = recipe;
  return (
    `<path d='M92 164H308L286 344Q284 360 266 360H134Q116 360 114 344Z' fill='url(#body)'/>` +
    `<rect x='80' y='130' width='240' height='38' rx='12' fill='${accent}'/><rect x='80' y='130' width='240' height='12' rx='6' fill='#ffffff55'/>` +
    label(recipe, text, { x: 120, y: 174, width: 160, height: 172 }, recipe.base)
  );
};

export const can: Draw = (recipe, text) => {
  const { accent } = recipe;
  return (
    `<path d='M146 70H254L272 100V332L256 362H144L128 332V100Z' fill='url(#body)'/>` +
    `<path d='M146 70H254L264 86H136Z' fill='#d8dde0'/><ellipse cx='200' cy='70' rx='54' ry='9' fill='#eef1f2' stroke='#b4bcc0' stroke-width='2'/><ellipse cx='206' cy='69' rx='16' ry='4' fill='#aab3b8'/>` +
    `<path d='M132 338L144 362H256L268 338Z' fill='#c3cacd'/><path d='M128 128C180 158 220 98 272 128V112C220 82 180 142 128 112Z' fill='${accent}'/>` +
    label(recipe, text, { x: 134, y: 150, width: 132, height: 182 }, recipe.base) +
    shine('M142 150V320')
  );
};

export const tin: Draw = (recipe, text) => {
  const { accent } = recipe;
  return (
    `<path d='M104 120V336C104 352 296 352 296 336V120Z' fill='#c9cfd2'/><path d='M104 140V322C104 338 296 338 296 322V140Z' fill='url(#body)'/>` +
    `<ellipse cx='200' cy='120' rx='96' ry='20' fill='#e7ebed' stroke='#aab2b6' stroke-width='4'/><ellipse cx='200' cy='120' rx='76' ry='13' fill='none' stroke='#b9c1c5' stroke-width='3'/>` +
    `<path d='M104 152C104 170 296 170 296 152V166C296 184 104 184 104 166Z' fill='${accent}'/>` +
    label(recipe, text, { x: 116, y: 180, width: 168, height: 144 }, recipe.base)
  );
};
