import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ResponseError } from './response-error.ts';
import { type ParsedResponse, ResponseParser } from './response-parser.ts';

const LIMIT = 1_000;

/** Reads a connection's bytes in pieces that end at these places, then its end. */
function readAll(text: string, cuts: readonly number[] = []): ParsedResponse[] {
  const bytes = Buffer.from(text);
  const parser = new ResponseParser(LIMIT);
  const ends = [...new Set([...cuts.map((cut) => cut % bytes.length), bytes.length])].sort((a, b) => a - b);
  const responses: (ParsedResponse | undefined)[] = [];
  // Read into memory that is used again, as a connection does.
  const memory = Buffer.alloc(bytes.length);
  let start = 0;
  for (const end of ends) {
    if (end === start) continue;
    bytes.copy(memory, 0, start, end);
    responses.push(parser.read(memory.subarray(0, end - start)));
    memory.fill('#');
    start = end;
  }
  responses.push(parser.end());
  return responses.filter((response) => response !== undefined);
}

const summary = ({ status, body, reusable }: ParsedResponse) => ({ status, body, reusable });

const RESPONSES: readonly [what: string, text: string, body: string, reusable: boolean, status?: number][] = [
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhällo'.replace('5', '6'), 'hällo', true],
  ['with an empty body', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n', '', true],
  ['without reason', 'HTTP/1.1 200\r\ncontent-length:2\r\n\r\nok', 'ok', true],
  ['that closes', 'HTTP/1.1 200 OK\r\nConnection: Close\r\ncontent-length: 2\r\n\r\nok', 'ok', false],
  ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', 'ok', false],
  [
    'of HTTP/1.0 that keeps the connection',
    'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok',
    'ok',
    true,
  ],
  ['that lasts until the end', 'HTTP/1.1 200 OK\r\ncontent-type: x\r\n\r\nall of it', 'all of it', false],
  [
    'in chunks',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\nA;x="y"\r\n0123456789\r\n0\r\n\r\n',
    'abc0123456789',
    true,
  ],
  [
    'in chunks with trailers',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\nü€\r\n0\r\ndate: now\r\n\r\n'.replace(
      '4',
      '5',
    ),
    'ü€',
    true,
  ],
  [
    'after an early hint',
    'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 1\r\n\r\n!',
    '!',
    true,
    201,
  ],
  ['that has no body by its status', 'HTTP/1.1 204 No Content\r\n\r\n', '', true, 204],
  [
    'with its length twice',
    'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok',
    'ok',
    true,
  ],
  ['with more than was asked for', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1', 'ok', false],
];

describe('an HTTP/1.1 response', () => {
  for (const [what, text, body, reusable, status = 200] of RESPONSES) {
    test(what, () => assert.deepEqual(readAll(text).map(summary), [{ status, body, reusable }]));
  }

  test('is the same wherever the reads cut it', () => {
    const cuttable = RESPONSES.filter(([what]) => what !== 'with more than was asked for');
    fc.assert(
      fc.property(
        fc.constantFrom(...cuttable),
        fc.array(fc.nat(500)),
        ([, text, body, reusable, status], cuts) => {
          assert.deepEqual(readAll(text, cuts).map(summary), [{ status: status ?? 200, body, reusable }]);
        },
      ),
    );
  });

  test('one after the other', () => {
    const parser = new ResponseParser(LIMIT);
    for (const body of ['one', 'three', '']) {
      const text = `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nX-A: 1\r\nx-a: 2\r\n\r\n${body}`;
      const response = parser.read(Buffer.from(text));
      assert.equal(response?.body, body);
      assert.equal(response?.headers['x-a'], '1, 2');
      assert.equal(parser.hasBegun, false);
    }
  });
});

describe('what is no HTTP/1.1 response is refused', () => {
  const head = (headers: string) => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n`;
  const refused: readonly [what: string, text: string, reason?: 'too-large'][] = [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['another version', 'HTTP/2 200 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a header without colon', head('content-length 5')],
    ['a header without name', head(': 5')],
    ['a folded header', head('x: 1\r\n content-length: 5')],
    ['two lengths', head('content-length: 5\r\ncontent-length: 6')],
    ['a negative length', head('content-length: -5')],
    ['a length that is no number', head('content-length: 5x')],
    ['a length and chunks', head('content-length: 5\r\ntransfer-encoding: chunked')],
    ['an unknown transfer coding', head('transfer-encoding: gzip, chunked')],
    ['a chunk without size', `${head('transfer-encoding: chunked')}\r\n`],
    ['a chunk whose size is no number', `${head('transfer-encoding: chunked')}0x5\r\nhello\r\n`],
    ['a chunk that is longer than it says', `${head('transfer-encoding: chunked')}2\r\nabc\r\n0\r\n\r\n`],
    ['a chunk line without carriage return', `${head('transfer-encoding: chunked')}2\nab\n0\n\n`],
    ['a chunk extension without end', `${head('transfer-encoding: chunked')}2;${'x'.repeat(5_000)}`],
    ['trailers without end', `${head('transfer-encoding: chunked')}0\r\n${'a: b\r\n'.repeat(100)}`],
    ['a body that is cut short', `${head('content-length: 5')}abc`],
    ['a head that is cut short', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(70_000)}`, 'too-large'],
    ['a body that says it is too large', head('content-length: 1001'), 'too-large'],
    [
      'chunks that are too large together',
      `${head('transfer-encoding: chunked')}${`64\r\n${'x'.repeat(100)}\r\n`.repeat(11)}`,
      'too-large',
    ],
    ['a body without end', `${head('content-type: x')}${'x'.repeat(1001)}`, 'too-large'],
  ];
  for (const [what, text, reason = 'invalid'] of refused) {
    test(what, () => {
      const is = (error: unknown) => error instanceof ResponseError && error.reason === reason;
      assert.throws(() => readAll(text), is);
      assert.throws(() => readAll(text, [1, 7, 20, 21, 40, 60]), is);
    });
  }
});
