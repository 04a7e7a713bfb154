import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { freePort, until } from '../../test/testkit/index.ts';
import { runningInstance } from '../home.ts';
import { ask, command, folderForTests, hasProc, processesOf, type Running } from './running.ts';

const REGISTER = `mutation ($email: String!) {
  register(input: { email: $email, password: "correct horse battery", name: "Ada", region: EU }) {
    user { id region } errors { code message }
  }
}`;
const LOGIN = `mutation ($email: String!) {
  login(input: { email: $email, password: "correct horse battery" }) { user { id } errors { code } }
}`;

const folder = await folderForTests();
const { home } = folder;

/** Ends it as Ctrl-C does and checks that it took everything with it. */
async function stop(running: Running, signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
  running.child.kill(signal);
  assert.equal(await running.ended, 0, running.output());
  if (hasProc) assert.deepEqual(processesOf(home), []);
}

describe('npm start', () => {
  const email = 'ada@example.org';
  let port: number;
  let running: Running;
  let userId: unknown;

  test('on an empty home boots, seeds and serves', async () => {
    port = await freePort();
    running = command('start', [], { home, port, npm: true });
    assert.equal(await running.ready(180_000), `http://127.0.0.1:${port}/graphql`);
    const printed = running.output();
    for (const part of ['PostgreSQL', 'Redis', 'MongoDB', 'SNS/SQS', 'Payments', 'identity', 'orders']) {
      assert.match(printed, new RegExp(`^  ${part} `, 'm'));
    }
    assert.match(printed, /Demo logins/);
    const { data } = await ask<{ register: { user: { id: string } } }>(
      `http://127.0.0.1:${port}/graphql`,
      REGISTER,
      { email },
    );
    userId = data?.register.user.id;
    assert.match(String(userId), /^usr_eu_/);
  });

  test('keeps keys and passwords from everyone else', () => {
    for (const name of readdirSync(join(home, 'secrets'))) {
      assert.equal(statSync(join(home, 'secrets', name)).mode & 0o077, 0, name);
    }
    assert.equal(statSync(join(home, 'run/instance.json')).mode & 0o077, 0);
    assert.equal(running.output().includes('sk_test_'), false);
  });

  test('a second one on the same home is refused in one sentence and harms nothing', async () => {
    const second = command('start', [], { home, port: await freePort() });
    assert.equal(await second.ended, 1);
    assert.match(second.output(), /^.* is in use by process \d+ \(npm start\); .*AISLE_HOME and PORT.*\n$/);
    const answer = await ask(`http://127.0.0.1:${port}/graphql`, '{ __typename }');
    assert.deepEqual(answer.data, { __typename: 'Query' });
  });

  test('one subgraph more can be run on its own beside it, and takes signed calls only', async () => {
    const alone = command('subgraph', ['sellers'], { home });
    const url = await alone.ready(30_000);
    assert.equal((await fetch(new URL('/health', url))).status, 200);
    const unsigned = await ask(url, '{ __typename }');
    assert.deepEqual([unsigned.data, unsigned.errors?.length], [undefined, 1]);
    alone.child.kill('SIGTERM');
    assert.equal(await alone.ended, 0, alone.output());
    const unknown = command('subgraph', ['bakery'], { home });
    assert.equal(await unknown.ended, 1);
    assert.match(unknown.output(), /^Say which subgraph to run: identity, .*\.\n$/);
  });

  test('the dead letters can be looked at and sent back', async () => {
    const list = command('dlq', ['list'], { home });
    assert.equal(await list.ended, 0, list.output());
    assert.match(list.output(), /^0 dead letters\.$/m);
    const redrive = command('dlq', ['redrive', 'orders'], { home });
    assert.equal(await redrive.ended, 0, redrive.output());
    const wrong = command('dlq', ['drop'], { home });
    assert.equal(await wrong.ended, 1);
    assert.match(wrong.output(), /^Say what to do: /);
  });

  test('another home and port run side by side, one process per subgraph', async () => {
    const other = join(folder.path, 'other');
    const env = { AISLE_MODE: 'distributed', AISLE_SEED: 'none' };
    const beside = command('start', [], { home: other, port: await freePort(), env });
    const url = await beside.ready();
    const { data } = await ask<{ login: { errors: { code: string }[] } }>(url, LOGIN, { email });
    assert.equal(data?.login.errors.length, 1, 'an account of the one home is unknown in the other');
    await diesAndComesBack(beside, url);
    beside.child.kill('SIGTERM');
    assert.equal(await beside.ended, 0, beside.output());
    if (hasProc) assert.deepEqual(processesOf(other), []);
  });

  async function diesAndComesBack(beside: Running, url: string): Promise<void> {
    const pid = Number(/identity +process (\d+)/.exec(beside.output())?.[1]);
    process.kill(pid, 'SIGKILL');
    await until(() => beside.output().includes('identity is ready again'), {
      ms: 30_000,
      what: 'the restart',
    });
    const back = async () => (await ask<{ login: unknown }>(url, LOGIN, { email })).data?.login;
    assert.ok(await until(back, { ms: 40_000, every: 250, what: 'an answer of identity' }));
  }

  test('SIGINT stops everything it started', () => stop(running));

  test('a second start takes less than 8 s and has what the first one stored', async () => {
    const began = performance.now();
    running = command('start', [], { home, port });
    const url = await running.ready(30_000);
    const seconds = (performance.now() - began) / 1000;
    // On a machine that is busy with other things each of them gets its share.
    const crowd = Math.max(1, loadavg()[0]! / availableParallelism());
    assert.ok(
      seconds < 8 * crowd,
      `it took ${seconds.toFixed(1)} s with ${crowd.toFixed(1)} as much work as cores`,
    );
    const { data } = await ask<{ login: { user: { id: string } } }>(url, LOGIN, { email });
    assert.equal(data?.login.user.id, userId);
    assert.doesNotMatch(running.output(), /First start/);
  });

  test('SIGTERM stops everything it started', () => stop(running, 'SIGTERM'));

  test('killed without a word, it leaves nothing behind and starts again', { skip: !hasProc }, async () => {
    running = command('start', [], { home, port, npm: true });
    await running.ready(30_000);
    running.child.kill('SIGKILL');
    await until(() => processesOf(home).length === 0, {
      ms: 40_000,
      every: 200,
      what: 'the end of every process',
    });
    running = command('start', [], { home, port });
    await running.ready(30_000);
    process.kill(runningInstance(home)!.pid, 'SIGKILL');
    running = command('start', [], { home, port });
    await until(async () => (await Promise.race([running.ready(60_000), running.ended])) !== undefined, {
      ms: 60_000,
    });
    assert.match(running.output(), /^ready /m);
    await stop(running);
  });

  const killRedis = () => {
    const redis = processesOf(home).find((line) => /^\d+ \S*(redis|valkey)-server/.test(line));
    process.kill(Number(redis?.split(' ')[0]), 'SIGKILL');
  };

  test('a store that dies is started again, with its data', { skip: !hasProc }, async () => {
    running = command('start', [], { home, port });
    const url = await running.ready(60_000);
    killRedis();
    await until(() => running.output().includes('redis is back.'), {
      ms: 60_000,
      what: 'the return of Redis',
    });
    const back = async () =>
      (await ask<{ login: { user: { id: string } } }>(url, LOGIN, { email })).data?.login.user.id;
    assert.equal(await until(back, { ms: 30_000, every: 250, what: 'an answer' }), userId);
  });

  test('one that cannot be started again ends the rest, and the sentence names its log', {
    skip: !hasProc,
  }, async () => {
    const taken = Number(readFileSync(join(home, 'run/redis.port'), 'utf8'));
    killRedis();
    const squatter = await until(
      () =>
        new Promise<ReturnType<typeof createServer>>((done, fail) => {
          const server = createServer().once('error', fail);
          server.listen(taken, '127.0.0.1', () => done(server));
        }),
      { every: 5 },
    );
    assert.equal(await running.ended, 1);
    squatter.close();
    assert.match(running.output(), /^redis .* could not be started again; its log is .*redis\.log\.$/m);
    assert.deepEqual(processesOf(home), []);
  });

  test('a port that is taken is one sentence, and nothing is left running', async () => {
    const squatter = createServer().listen(port, '127.0.0.1');
    const refused = command('start', [], { home, port });
    assert.equal(await refused.ended, 1);
    assert.equal(refused.output(), `Port ${port} is taken; stop what uses it, or set PORT to another one.\n`);
    squatter.close();
    if (hasProc) assert.deepEqual(processesOf(home), []);
  });

  for (const [name, value] of [
    ['PORT', 'seventy'],
    ['PORT', '70000'],
    ['AISLE_MODE', 'both'],
    ['AISLE_SEED', 'much'],
  ] as const) {
    test(`${name}=${value} is refused in one sentence`, async () => {
      const refused = command('start', [], { home, env: { [name]: value } });
      assert.equal(await refused.ended, 1);
      assert.match(refused.output(), new RegExp(`^${name} must be .* is "${value}"\\.\\n$`));
    });
  }

  test('a store given by its address that is not there is one sentence', async () => {
    const none = await freePort();
    const env = { REDIS_URL: `redis://:hush@127.0.0.1:${none}`, AISLE_SEED: 'none' };
    const refused = command('start', [], { home, port: 0, env });
    assert.equal(await refused.ended, 1);
    assert.match(
      refused.output(),
      new RegExp(`^Redis at redis://127\\.0\\.0\\.1:${none} \\(REDIS_URL\\) cannot be used: .*\\.$`, 'm'),
    );
    assert.equal(refused.output().includes('hush'), false);
    if (hasProc) assert.deepEqual(processesOf(home), []);
  });
});

describe('npm run dev', () => {
  test('starts again what changed, and nothing else', async () => {
    const url = new URL('../../subgraphs/sellers/config.ts', import.meta.url);
    const dev = command('dev', [], { home, port: await freePort() });
    await dev.ready();
    // Its time alone changes: the file is everybody's.
    utimesSync(url, new Date(), new Date());
    await until(() => dev.output().includes('sellers is ready again.'), { ms: 30_000, what: 'the restart' });
    assert.match(dev.output(), /^Changed: subgraphs\/sellers\/config\.ts; starting again: sellers\.$/m);
    assert.equal(dev.output().match(/is ready again/g)?.length, 1);
    await stop(dev);
  });
});

describe('npm run reset', () => {
  test('leaves a folder alone that holds somebody else’s files', async () => {
    writeFileSync(join(home, 'thesis.txt'), 'ten years of work');
    const refused = command('reset', [], { home });
    assert.equal(await refused.ended, 1);
    assert.match(refused.output(), /also holds "thesis\.txt", which is not Aisle's/);
    assert.ok(existsSync(join(home, 'postgres')));
  });

  test('clears a home', async () => {
    const { rm } = await import('node:fs/promises');
    await rm(join(home, 'thesis.txt'));
    const reset = command('reset', [], { home });
    assert.equal(await reset.ended, 0, reset.output());
    assert.equal(existsSync(home), false);
    const again = command('reset', [], { home });
    assert.equal(await again.ended, 0);
    assert.match(again.output(), /no data/);
  });
});

describe('a disk', { skip: process.getuid?.() !== 0 || process.platform !== 'linux' }, () => {
  /** A disk of its own for a home; root only. */
  async function onDisk(options: string, body: (home: string) => Promise<void>): Promise<void> {
    const disk = join(folder.path, 'disk');
    mkdirSync(disk, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
    try {
      await body(join(disk, 'home'));
      await until(() => processesOf(disk).length === 0, { what: 'the end of every process' });
    } finally {
      execFileSync('umount', ['--lazy', disk]);
    }
  }

  test('that is full is one sentence', () =>
    onDisk('size=200m', async (small) => {
      const refused = command('start', [], { home: small, port: await freePort() });
      assert.equal(await refused.ended, 1);
      assert.match(
        refused.output(),
        /^The disk is full: \d+ MB are free for .* and Aisle needs \d+ MB there\.\n$/,
      );
    }));

  test('that fills up while it starts is one sentence', () =>
    onDisk('size=70m', async (small) => {
      // The folder of an earlier start: what is missing then is not the first start's room.
      mkdirSync(join(small, 'run'), { recursive: true });
      const refused = command('start', [], {
        home: small,
        port: await freePort(),
        env: { AISLE_SEED: 'none' },
      });
      assert.equal(await refused.ended, 1);
      assert.match(refused.output(), /^The disk that holds .* is full\.$/m);
      assert.doesNotMatch(refused.output(), /^ +at /m);
    }));

  test('that is read-only is one sentence', () =>
    onDisk('ro', async (sealed) => {
      const refused = command('start', [], { home: sealed, port: await freePort() });
      assert.equal(await refused.ended, 1);
      assert.match(refused.output(), /^(Aisle cannot use .*|The disk .* full.*)\.\n$/);
    }));
});
