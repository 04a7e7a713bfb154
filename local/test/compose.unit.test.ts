import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseEnv } from 'node:util';
import { parse } from 'yaml';
import { ROOT } from '../settings.ts';

interface Service {
  image: string;
  ports: string[];
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const { services } = parse(read('deploy/compose.yaml')) as { services: Record<string, Service> };

test('the composed stores are the ones the code is written for', () => {
  const images = Object.values(services).map(({ image }) => image);
  assert.deepEqual(images, ['postgres:18', 'redis:7', 'mongo:8', 'kibertoad/fauxqs:2.4.1']);
});

test('each address of compose.env is a port that is published, on loopback only', () => {
  const published = Object.values(services).flatMap(({ ports }) => ports);
  for (const port of published) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
  const urls = Object.entries(parseEnv(read('deploy/compose.env'))).filter(([name]) => name.includes('URL'));
  const addressed = urls.map(([, url]) => new URL(url ?? '').host);
  assert.deepEqual(
    [...addressed].sort(),
    published.map((port) => port.split(':').slice(0, 2).join(':')).sort(),
  );
});
