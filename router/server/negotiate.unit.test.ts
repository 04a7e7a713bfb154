import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acceptsOf } from './negotiate.ts';

const JSON_TYPE = 'application/json';
const MODERN = 'application/graphql-response+json';

describe('what a client can read', () => {
  const json: [string | undefined, string | undefined][] = [
    [undefined, JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['application/*', JSON_TYPE],
    [MODERN, MODERN],
    [`${MODERN}, ${JSON_TYPE};q=0.9`, MODERN],
    [`${JSON_TYPE};q=0.9, ${MODERN};q=0.8`, JSON_TYPE],
    [`*/*, ${MODERN}`, MODERN],
    [`${MODERN};q=0, ${JSON_TYPE}`, JSON_TYPE],
    [`${JSON_TYPE};charset=utf-8`, JSON_TYPE],
    [`${JSON_TYPE};charset=latin1`, undefined],
    ['text/html', undefined],
    ['text/event-stream', undefined],
    [`${MODERN.toUpperCase()}`, MODERN],
    ['nonsense', undefined],
    [`${JSON_TYPE};q=nonsense`, undefined],
  ];
  for (const [header, type] of json)
    it(`${header} is JSON as ${type}`, () => assert.equal(acceptsOf(header).json, type));

  it('tells streams apart', () => {
    assert.equal(acceptsOf('text/event-stream').eventStream, true);
    assert.equal(acceptsOf('text/html,*/*;q=0.8').html, true);
    assert.equal(
      acceptsOf('multipart/mixed;boundary="graphql";subscriptionSpec=1.0, application/json')
        .multipartSubscription,
      true,
    );
    assert.equal(acceptsOf('multipart/mixed;deferSpec=20220824, application/json').defer, 'legacy');
    assert.equal(acceptsOf('multipart/mixed;incrementalSpec=v0.2, application/json').defer, 'current');
    assert.equal(acceptsOf('multipart/mixed;subscriptionSpec="1.0"').multipartSubscription, true);
    assert.equal(acceptsOf('multipart/mixed;subscriptionSpec=2.0').multipartSubscription, false);
    assert.equal(acceptsOf('multipart/mixed; incrementalSpec="v0.2"').defer, 'current');
    assert.equal(acceptsOf('multipart/mixed').defer, 'legacy');
    assert.equal(acceptsOf('application/json').defer, undefined);
  });

  it('takes the format of @defer that the client likes best, of those it speaks', () => {
    const both = 'multipart/mixed;deferSpec=20220824;q=0.5, multipart/mixed;incrementalSpec=v0.2;q=0.9';
    assert.equal(acceptsOf(both).defer, 'current');
    assert.equal(
      acceptsOf('multipart/mixed;deferSpec=20220824, multipart/mixed;incrementalSpec=v0.2').defer,
      'legacy',
    );
    assert.equal(acceptsOf('multipart/mixed;incrementalSpec=v9, application/json').defer, undefined);
    assert.equal(acceptsOf('multipart/mixed;deferSpec=20991231, application/json').defer, undefined);
    assert.equal(acceptsOf('multipart/mixed;incrementalSpec=v0.2;q=0').defer, undefined);
  });

  it('is not kept busy by a very long header', () => {
    const started = performance.now();
    acceptsOf('a/b,'.repeat(4000));
    assert.ok(performance.now() - started < 100);
  });
});
