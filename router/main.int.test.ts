import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { killRouters, startProcess as start } from './fixtures/router-process.ts';
import { type HttpSubgraph, httpSubgraph } from './server/test/http-subgraph.ts';
import { testGraph } from './server/test/test-graph.ts';

const graph = testGraph();
let folder: string;
let supergraph: string;
let config: string;
let subgraphs: Record<'catalogue' | 'inventory', HttpSubgraph>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aisle-router-'));
  subgraphs = {
    catalogue: await httpSubgraph(graph.hosts.catalogue!),
    inventory: await httpSubgraph(graph.hosts.inventory!),
  };
  supergraph = join(folder, 'supergraph.graphql');
  config = join(folder, 'router.yaml');
  await writeFile(supergraph, graph.supergraphSdl);
  await writeFile(
    config,
    `routingUrls:\n  catalogue: ${subgraphs.catalogue.url}\n  inventory: ${subgraphs.inventory.url}\n`,
  );
});

after(async () => {
  killRouters();
  await Promise.all(Object.values(subgraphs).map((subgraph) => subgraph.stop()));
  await rm(folder, { recursive: true, force: true });
});

const ask = async (url: string, query: string) => {
  const body = JSON.stringify({ query });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return response.json();
};

/** Until an operation runs, at most five seconds. */
async function busy(url: string): Promise<void> {
  const end = Date.now() + 5000;
  for (;;) {
    const metrics = await (await fetch(url.replace('/graphql', '/metrics'))).text();
    if (/aisle_router_operations_open 1\n/.test(metrics)) return;
    if (Date.now() > end) throw new Error('Nothing runs.');
  }
}

describe('a router on its own', () => {
  it('serves a supergraph over HTTP subgraphs, told by flags or by the environment', async () => {
    const flags = start(['--supergraph', supergraph, '--port', '0', '--config', config]);
    const env = start([], { SUPERGRAPH_PATH: supergraph, PORT: '0', ROUTER_CONFIG: config });
    for (const { url, child, ended } of [flags, env]) {
      const answer = await ask(await url, '{ product(id: "1") { title stock } }');
      assert.deepEqual(answer, { data: { product: { title: 'Oat milk', stock: 10 } } });
      assert.equal((await fetch((await url).replace('/graphql', '/health'))).status, 200);
      child.kill('SIGTERM');
      assert.equal((await ended).code, 0);
    }
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`on ${signal} answers what is running, ends subscriptions with 1001, then exits`, async () => {
      const { child, url, ended } = start(['--supergraph', supergraph, '--port', '0', '--config', config]);
      const socket = new WebSocket((await url).replace('http', 'ws'), 'graphql-transport-ws');
      await once(socket, 'open');
      const running = ask(await url, '{ slow(ms: 500) }');
      await busy(await url);
      child.kill(signal);
      assert.equal((await once(socket, 'close'))[0], 1001);
      assert.deepEqual(await running, { data: { slow: 'at last' } });
      assert.equal((await ended).code, 0);
    });
  }

  it('ends at once at a second signal, unless that comes with the first as it does under npm', async () => {
    const { child, url, ended } = start(['--supergraph', supergraph, '--port', '0', '--config', config]);
    const running = ask(await url, '{ slow(ms: 3000) }').catch(() => 'cut off');
    await busy(await url);
    child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    child.kill('SIGTERM');
    assert.equal((await ended).code, 1);
    assert.equal(await running, 'cut off');
  });
});

describe('hot reload of a router on its own', () => {
  it('follows the configuration file, and keeps what it has when that is broken', async () => {
    const file = join(folder, 'live.yaml');
    const good = await readFile(config, 'utf8');
    await writeFile(file, good);
    const { child, url, ended } = start(['--supergraph', supergraph, '--port', '0', '--config', file], {
      ROUTER_REDIS_URL: 'redis://127.0.0.1:1',
    });
    const depth = async () =>
      JSON.stringify(await ask(await url, '{ node { node { id } } }')).includes('LIMIT_DEPTH');
    const until = async (wanted: boolean) => {
      const end = Date.now() + 10_000;
      while ((await depth()) !== wanted) {
        if (Date.now() > end) throw new Error('Nothing changed.');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    assert.equal(await depth(), false);
    await writeFile(file, `${good}limits: { depth: 2 }\n`);
    await until(true);
    await writeFile(file, `${good}limits: { deep: 2 }\n`);
    child.kill('SIGHUP');
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(await depth(), true);
    const metrics = await (await fetch((await url).replace('/graphql', '/metrics'))).text();
    assert.match(metrics, /reloads_total\{outcome="failed"\} [12]\n/);
    await writeFile(file, good);
    child.kill('SIGHUP');
    await until(false);
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    assert.equal(code, 0);
    assert.match(stderr, /reload refused/);
  });
});

describe('settings of root fields that are not there', () => {
  it('are told of in the log: fields come and go', async () => {
    const odd = join(folder, 'odd-fields.yaml');
    const settings =
      'traffic: { sharedSubscriptions: [tick, ticks], shedding: { priorities: { product: low, produkt: low } } }';
    await writeFile(odd, `${await readFile(config, 'utf8')}${settings}\n`);
    const { child, url, ended } = start(['--supergraph', supergraph, '--port', '0', '--config', odd]);
    await url;
    child.kill('SIGTERM');
    assert.match(
      (await ended).stderr,
      /"unknown":\["traffic.shedding.priorities.produkt","traffic.sharedSubscriptions: tick"\]/,
    );
  });
});

describe('router check', () => {
  it('composes and prints hints, or what is wrong', async () => {
    const yaml = join(folder, 'supergraph.yaml');
    await writeFile(
      yaml,
      'subgraphs:\n  a: { routing_url: http://a.invalid, schema: { file: a.graphql } }\n',
    );
    await writeFile(join(folder, 'a.graphql'), 'type Query { a: String }');
    const good = start(['check', yaml]);
    assert.equal((await good.ended).code, 0);
    await writeFile(join(folder, 'a.graphql'), 'type Query { a: Missing }');
    const bad = start(['check', yaml]);
    assert.equal((await bad.ended).code, 1);
  });
});

describe('what keeps it from starting is one sentence', () => {
  const fails = async (args: readonly string[], sentence: RegExp) => {
    const { code, stderr } = await start(args).ended;
    assert.equal(code, 1);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1);
  };

  it('a taken port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    try {
      await fails(
        ['--supergraph', supergraph, '--port', String(port)],
        new RegExp(`^Port ${port} on 127.0.0.1 is taken`),
      );
    } finally {
      other.close();
    }
  });
  it('no supergraph', () => fails([], /^No supergraph is given/));
  it('a supergraph that does not exist', () =>
    fails(['--supergraph', join(folder, 'none.graphql')], /none\.graphql does not exist/));
  it('a supergraph that is none', async () => {
    const broken = join(folder, 'broken.graphql');
    await writeFile(broken, 'type Query { a: String }');
    await fails(['--supergraph', broken], /broken\.graphql cannot be served: /);
  });
  it('a supergraph.yaml that does not compose, and what is wrong with it where', async () => {
    const yaml = join(folder, 'odd-supergraph.yaml');
    const entry = (name: string) =>
      `  ${name}: { routing_url: http://127.0.0.1:1, schema: { file: ${name}-odd.graphql } }\n`;
    await writeFile(yaml, `subgraphs:\n${entry('a')}${entry('b')}`);
    await writeFile(join(folder, 'a-odd.graphql'), 'type Query {\n  a: Missing\n}');
    await writeFile(join(folder, 'b-odd.graphql'), 'type Query { b: ');
    await fails(
      ['--supergraph', yaml],
      /odd-supergraph\.yaml does not compose: INVALID_GRAPHQL: \[b\] Syntax Error.* \(.*b-odd\.graphql:1:\d+\)\.$/m,
    );
    await writeFile(join(folder, 'b-odd.graphql'), 'type Query { b: Int }');
    await fails(
      ['--supergraph', yaml],
      /does not compose: INVALID_GRAPHQL: \[a\] Unknown type Missing \(.*a-odd\.graphql:2:\d+\)\.$/m,
    );
  });
  it('a supergraph of types that are not there', async () => {
    const odd = join(folder, 'odd.graphql');
    await writeFile(
      odd,
      'schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) { query: Query }\ntype Query { a: Missing }',
    );
    await fails(['--supergraph', odd], /odd\.graphql cannot be served: .*Missing.*\.$/m);
  });
  it('a second file to check', () => fails(['check', 'a.yaml', 'b.yaml'], /`check` takes one file/));
  it('a configuration with an unknown key', async () => {
    const odd = join(folder, 'odd.yaml');
    await writeFile(odd, 'limits:\n  dept: 3\nretry: true\n');
    await fails(['--supergraph', supergraph, '--config', odd], /odd\.yaml is not valid: .*"dept".*"retry"/);
  });
  it('a configuration of subgraphs that are not there', async () => {
    const odd = join(folder, 'odd-names.yaml');
    const { url } = subgraphs.inventory;
    await writeFile(
      odd,
      `subgraphs: { all: {}, catalog: { timeout: 1 } }\nroutingUrls: { inventory: ${url}, toString: ${url} }\n`,
    );
    await fails(
      ['--supergraph', supergraph, '--config', odd],
      /subgraphs that the supergraph does not have: subgraphs\.catalog, routingUrls\.toString\. It has: catalogue, inventory\.$/m,
    );
  });
  it('an unknown key of the cache, at the top or of one subgraph', async () => {
    const odd = join(folder, 'odd-cache.yaml');
    await writeFile(odd, 'cache:\n  ttl: 3\n  subgraphs: { catalogue: { maxAge: 3 } }\n');
    await fails(
      ['--supergraph', supergraph, '--config', odd],
      /odd-cache\.yaml is not valid: .*"maxAge".*"ttl"/,
    );
  });
  it('a cache that has no Redis', async () => {
    const lonely = join(folder, 'cache.yaml');
    await writeFile(lonely, 'cache: {}\n');
    await fails(
      ['--supergraph', supergraph, '--config', lonely],
      /The cache needs a Redis: set ROUTER_REDIS_URL/,
    );
  });
  it('an unknown flag', () => fails(['--supergraf', supergraph], /'--supergraf'/));
});
