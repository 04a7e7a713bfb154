import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GraphQLError } from 'graphql';
import { TransportError } from '../transports/index.ts';
import { formatError, formatJson } from './format-error.ts';

const surprises: unknown[] = [];
const format = { requestId: 'r1', suggestions: true, onSurprise: (error: unknown) => surprises.push(error) };

describe('errors as clients see them', () => {
  it('hide every surprise behind one sentence and the request id, and tell the log', () => {
    const secret = new Error('password=hunter2');
    for (const error of [
      secret,
      new GraphQLError('wrapped', { originalError: secret, path: ['a'] }),
      'text',
      undefined,
    ]) {
      const shown = formatError(error, format);
      assert.equal(shown.message, 'Something went wrong on our side.');
      assert.deepEqual(shown.extensions, { code: 'INTERNAL', requestId: 'r1' });
    }
    assert.equal(surprises.length, 4);
  });

  it('keep a known code, message and path', () => {
    const error = new GraphQLError('No.', { path: ['a', 0], extensions: { code: 'FORBIDDEN', detail: 1 } });
    assert.deepEqual(formatError(error, format), {
      message: 'No.',
      path: ['a', 0],
      extensions: { code: 'FORBIDDEN', detail: 1 },
    });
  });

  it('reduce what transports say to two codes', () => {
    const code = (error: unknown) => formatError(error, format).extensions;
    assert.equal(code(new TransportError('SUBGRAPH_TIMEOUT', 'a', 'late'))?.code, 'DEADLINE_EXCEEDED');
    assert.deepEqual(code({ message: 'm', extensions: { code: 'SUBGRAPH_NOT_JSON', serviceName: 'a' } }), {
      code: 'SUBGRAPH_UNAVAILABLE',
      reason: 'SUBGRAPH_NOT_JSON',
      serviceName: 'a',
    });
  });

  it('suggest nothing where that would give the schema away', () => {
    const error = {
      message: 'Cannot query field "a" on type "Q". Did you mean "b" or "c"?',
      extensions: { code: 'X' },
    };
    assert.equal(
      formatError(error, { ...format, suggestions: false }).message,
      'Cannot query field "a" on type "Q".',
    );
    assert.equal(formatError(error, format).message, error.message);
  });

  it('show the stack of a subgraph in development only', () => {
    const extensions = { code: 'X', stacktrace: ['at db.ts:7'], exception: { stacktrace: [] }, detail: 1 };
    const shown = (suggestions: boolean) =>
      formatError({ message: 'm', extensions }, { ...format, suggestions }).extensions;
    assert.deepEqual(shown(false), { code: 'X', detail: 1 });
    assert.deepEqual(shown(true), extensions);
  });

  it('tell an answer without data from one with', () => {
    const errors = '[{"message":"m","extensions":{"code":"BAD_USER_INPUT"}}]';
    assert.equal(formatJson(`{"errors":${errors}}`, format).failed, true);
    assert.equal(formatJson(`{"errors":${errors},"data":null}`, format).failed, false);
  });
});
