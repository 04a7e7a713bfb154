import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureFor } from './choose.ts';
import { brightness, inkOn, mix } from './colour.ts';
import { drawPicture } from './draw.ts';
import { MOTIFS } from './icons.ts';
import { wrap } from './label.ts';
import { SHAPES } from './recipe.ts';

const text = { brand: 'Tom & <Basil>', name: `Grandmother's "Best" Tomato Sauce`, size: '6 × 330 ml' };

test('every shape with every motif is well-formed, small, and never holds markup of its text', () => {
  for (const shape of SHAPES) {
    for (const motif of ['', 'unknown', ...MOTIFS]) {
      const svg = drawPicture({ shape, base: '#c8352b', accent: '#fff1d0', motif }, text, 2);
      assert.ok(svg.length < 40_000, `${shape} ${motif}: ${svg.length}`);
      assert.ok(
        !svg.includes('<Basil>') && !svg.includes('undefined') && !svg.includes('NaN'),
        `${shape} ${motif}`,
      );
      const open = svg.match(/<[a-z]+(?:\s[^>]*[^/>])?>/gi)?.length ?? 0;
      const closed = svg.match(/<\/[a-z]+>/gi)?.length ?? 0;
      assert.equal(open, closed, `${shape} ${motif}: tags`);
    }
  }
});

test('the same product has the same picture', () => {
  const recipe = pictureFor(['Pantry', 'Pasta', 'Long Pasta'], 'Barolli');
  assert.deepEqual(recipe, pictureFor(['Pantry', 'Pasta', 'Long Pasta'], 'Barolli'));
  assert.deepEqual([recipe.shape, recipe.motif], ['bag', 'noodle']);
  assert.equal(pictureFor(['Something', 'Quite', 'Else'], 'X').shape, 'box');
});

test('ink is readable on its ground', () => {
  for (const ground of ['#ffffff', '#000000', '#c8352b', '#fff1d0', '#8fae3b'])
    assert.ok(Math.abs(brightness(inkOn(ground)) - brightness(ground)) > 0.35, ground);
  assert.equal(mix('#000000', '#ffffff', 0.5), '#808080');
});

test('long names are broken between words', () => {
  assert.deepEqual(wrap('Durum Wheat Spaghetti No 5', 14, 3), ['Durum Wheat', 'Spaghetti No 5']);
  assert.deepEqual(wrap('a b c d', 1, 2), ['a', 'b']);
});
