import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = join(import.meta.dirname, '../../..');

/** `docs/threats.md` names the test of each attack: it must be there. */
describe('the list of threats', async () => {
  const rows = (await readFile(join(ROOT, 'docs/threats.md'), 'utf8'))
    .split('\n')
    .filter((line) => /^\| (?!---|attack)/.test(line));
  const tests = new Map<string, string>();
  for await (const file of glob('router/**/*.test.ts', { cwd: ROOT }))
    tests.set(basename(file), await readFile(join(ROOT, file), 'utf8'));

  it('is not empty', () => assert.ok(rows.length > 30));

  for (const row of rows) {
    const [, attack = '', , , last = ''] = row.split(' | ').length === 4 ? ['', ...row.split(' | ')] : [];
    it(`${attack.replace('| ', '')} has its test`, () => {
      const named = [...last.matchAll(/`([\w./*-]+\.test\.ts)`(?: · ([^;|`]+))?/g)];
      assert.ok(named.length > 0, row);
      for (const [, file = '', title] of named) {
        if (file.includes('*')) continue;
        const text = tests.get(file);
        assert.ok(text, `there is no ${file}`);
        const words = title?.replace(/…/g, '').trim();
        if (words)
          assert.ok(
            text.includes(words) || text.includes(words.split(' ')[0] as string),
            `${file} has no "${words}"`,
          );
      }
    });
  }
});
