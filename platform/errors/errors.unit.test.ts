import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GraphQLError } from 'graphql';
import { forbidden, formatError } from './index.ts';

const wrap = (original: Error) =>
  new GraphQLError(original.message, { originalError: original, path: ['me'] });

test('a known error keeps its code and message', () => {
  const { formatted, surprise } = formatError(wrap(forbidden()), 'req_1');
  assert.equal(formatted.extensions?.code, 'FORBIDDEN');
  assert.equal(surprise, undefined);
});

test('a surprise is masked, keeps its path, and names the request', () => {
  const { formatted, surprise } = formatError(wrap(new TypeError('password=hunter2 at /srv/db.ts')), 'req_7');
  assert.deepEqual(formatted, {
    message: 'Something went wrong on our side.',
    path: ['me'],
    extensions: { code: 'INTERNAL', requestId: 'req_7' },
  });
  assert.ok(surprise instanceof TypeError);
});
