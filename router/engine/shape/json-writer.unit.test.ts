import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonWriter, type Span } from './json-writer.ts';

const writer = new JsonWriter();
const written = (write: () => void): string => {
  writer.clear();
  write();
  return writer.text();
};

test('strings are what JSON.stringify makes of them', () => {
  const strings = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
    fc
      .array(fc.constantFrom('"', '\\', '\n', '\u0000', 'é', '中', '😀', '\ud800', 'a'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.array(strings), (values) => {
      const text = written(() => {
        for (const value of values) writer.string(value);
      });
      assert.equal(text, values.map((value) => JSON.stringify(value)).join(''));
    }),
  );
});

test('integers of 32 bits', () => {
  for (const value of [0, -0, 7, 10, 99, 100, -1, 2 ** 31 - 1, -(2 ** 31)])
    assert.equal(
      written(() => writer.integer(value)),
      JSON.stringify(value),
    );
  fc.assert(fc.property(fc.integer(), (value) => written(() => writer.integer(value)) === String(value)));
});

test('what was written can be written again, also when the buffer has to grow', () => {
  const part = JSON.stringify('ü'.repeat(50_000));
  const text = written(() => {
    const start = writer.at;
    writer.json(part);
    const span: Span = [start, writer.at];
    for (let times = 0; times < 9; times++) writer.again(span);
  });
  assert.equal(text, part.repeat(10));
});

test('a response leaves nothing for the next one', () => {
  assert.equal(
    written(() => writer.string('ä')),
    '"ä"',
  );
  assert.equal(
    written(() => writer.bytes(Buffer.from('{}'))),
    '{}',
  );
  assert.equal(written(() => writer.json('x'.repeat(5_000_000))).length, 5_000_000);
  assert.equal(
    written(() => writer.byte(0x5b)),
    '[',
  );
});
