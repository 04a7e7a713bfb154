import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { contextOfSpan, parentOf, traceContextOf } from './trace-context.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${SPAN}-01`;

test('a valid trace context is taken over, its state with it, its baggage not', () => {
  const headers = { traceparent, tracestate: 'vendor=1,other=two', baggage: 'user=someone' };
  assert.deepEqual(traceContextOf(headers), { traceparent, tracestate: 'vendor=1,other=two' });
});

test('a later version may have more behind its flags; version 00 may not, and ff is none', () => {
  assert.equal(traceContextOf({ traceparent: `01-${TRACE}-${SPAN}-01-more` }).traceparent?.slice(0, 2), '01');
  assert.deepEqual(traceContextOf({ traceparent: `${traceparent}-more` }), {});
  assert.deepEqual(traceContextOf({ traceparent: `ff-${TRACE}-${SPAN}-01` }), {});
});

for (const [what, value] of Object.entries({
  'nothing but zeroes as the trace': `00-${'0'.repeat(32)}-${SPAN}-01`,
  'nothing but zeroes as the span': `00-${TRACE}-${'0'.repeat(16)}-01`,
  'capital letters': traceparent.toUpperCase(),
  'two of them': `${traceparent}, ${traceparent}`,
  'what would break a header': `01-${TRACE}-${SPAN}-01-a\r\nb: c`,
  'a short trace': `00-${TRACE.slice(1)}-${SPAN}-01`,
  'no text': ['a'],
  'a megabyte': `01-${TRACE}-${SPAN}-01-${'x'.repeat(1_000_000)}`,
}))
  test(`no trace context: ${what}`, () =>
    assert.deepEqual(traceContextOf({ traceparent: value, tracestate: 'a=1' }), {}));

test('a state that is too long or not printable is left out, the trace goes on', () => {
  for (const tracestate of ['a='.padEnd(600, 'x'), 'a=\u0001', ''])
    assert.deepEqual(traceContextOf({ traceparent, tracestate }), { traceparent });
});

test('what was read is written the same, flags and state included', () => {
  for (const given of [{ traceparent, tracestate: 'vendor=1' }, { traceparent: `00-${TRACE}-${SPAN}-00` }])
    assert.deepEqual(contextOfSpan(trace.getSpanContext(parentOf(given))!), given);
});
