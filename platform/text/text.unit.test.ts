import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isText } from './index.ts';

test('what people write is text; halves of characters and control characters are not', () => {
  for (const fine of ['', 'Ada', 'two\nlines,\r\n\ta tab', 'größer · 日本 · 🍎', '​'])
    assert.ok(isText(fine), fine);
  for (const wrong of ['a\u0000b', '\u0007', '\u001b[31m', '\u0085', '\ud83c', '\udf4e x'])
    assert.ok(!isText(wrong), JSON.stringify(wrong));
});
