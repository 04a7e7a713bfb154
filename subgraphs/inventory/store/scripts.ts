import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Redis } from '@aisle/platform/stores';

const FOLDER = join(import.meta.dirname, 'lua');
const WITH_PRELUDE = ['reserve', 'prepare', 'commit', 'release', 'begin', 'sweep', 'inspect'] as const;
const ALONE = ['restore', 'open'] as const;
export type ScriptName = (typeof WITH_PRELUDE)[number] | (typeof ALONE)[number];

interface Script {
  readonly source: string;
  readonly sha: string;
}

function load(): Record<ScriptName, Script> {
  const read = (name: string) => readFileSync(join(FOLDER, `${name}.lua`), 'utf8');
  const prelude = read('prelude');
  const script = (source: string): Script => ({
    source,
    sha: createHash('sha1').update(source).digest('hex'),
  });
  return Object.fromEntries([
    ...WITH_PRELUDE.map((name) => [name, script(`${prelude}\n${read(name)}`)]),
    ...ALONE.map((name) => [name, script(read(name))]),
  ]) as Record<ScriptName, Script>;
}

export type RunScript = (
  name: ScriptName,
  keys: string[],
  args: readonly (string | number)[],
) => Promise<string[]>;

/** Runs scripts by their hash; Redis is sent the source only when it does not know it (first use, restart). */
export function createScripts(redis: Redis): RunScript {
  const scripts = load();
  return async (name, keys, args) => {
    const { sha, source } = scripts[name];
    const options = { keys, arguments: args.map(String) };
    try {
      return texts(await redis.evalSha(sha, options));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return texts(await redis.eval(source, options));
    }
  };
}

function texts(reply: unknown): string[] {
  if (!Array.isArray(reply)) throw new Error('A stock script answered something else than a list.');
  return reply.map(String);
}
