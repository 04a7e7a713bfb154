import assert from 'node:assert/strict';
import { it } from 'node:test';
import { normaliseEmail } from './email.ts';

it('gives one spelling per mailbox', () => {
  for (const [given, expected] of [
    ['Ada@Example.com', 'ada@example.com'],
    ['  ada@example.com\n', 'ada@example.com'],
    ['ａｄａ@example.com', 'ada@example.com'],
    ['ada+shop@example.co.uk', 'ada+shop@example.co.uk'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ["o'neil@example.com", "o'neil@example.com"],
  ] as const)
    assert.equal(normaliseEmail(given), expected);
});

it('refuses what is no address', () => {
  const bad = [
    '',
    'ada',
    '@example.com',
    'ada@',
    'ada@localhost',
    'ada@@example.com',
    'a da@example.com',
    '.ada@example.com',
    'ada..b@example.com',
    'ada@exa mple.com',
    'ada@-example.com',
    'ada@example.com, eve@example.com',
    'ada@127.0.0.1',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(130)}com`,
    'ada\u0000@example.com',
    'x'.repeat(100_000),
  ];
  for (const given of bad) assert.equal(normaliseEmail(given), undefined, given.slice(0, 40));
});
