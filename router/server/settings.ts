import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Env } from '@aisle/platform/config';
import { parse } from 'yaml';
import type { Policy } from '../authorisation/index.ts';
import { configFile, type FileSettings } from './config-file.ts';
import type { RouterOptions } from './options.ts';

export type Settings =
  | { readonly help: string }
  | {
      readonly options: Omit<RouterOptions, 'log'>;
      readonly configFile: string | undefined;
      readonly redisUrl: string | undefined;
    };

/** Milliseconds: longer than the usual probe's interval. */
const DRAIN_DELAY = 5_000;

const HELP = `Serves a Federation 2 supergraph.

  npm run router -- --supergraph FILE --port N [--host H] [--config FILE] [--mode development|production]

  --supergraph FILE  composed SDL, or a supergraph.yaml that is composed first   (SUPERGRAPH_PATH)
  --port N           0 takes a free one, 4000 when not given                     (PORT)
  --host H           127.0.0.1 when not given                                    (HOST)
  --config FILE      YAML or JSON, see router/README.md                          (ROUTER_CONFIG)
  --mode M           production when NODE_ENV is production, else development

  ROUTER_REDIS_URL    rate limit shared with other routers; where the cache is
  ROUTER_INVALIDATION_KEY  opens POST /invalidation to who has it
  AISLE_ENVELOPE_KEY  key of the signed caller envelope for subgraphs

  npm run router -- check [supergraph.yaml]   composes, and prints errors and hints
`;

/**
 * What the command line, the environment and the configuration file say, in this order of precedence.
 * @throws one sentence that names every problem found
 */
export async function readSettings(args: readonly string[], env: Env): Promise<Settings> {
  const flags = readFlags(args);
  if (flags.help) return { help: HELP };
  const config = flags.config ?? env.ROUTER_CONFIG;
  const file: FileSettings = config === undefined ? {} : await readConfigFile(resolve(config));
  const supergraph = flags.supergraph ?? env.SUPERGRAPH_PATH ?? file.supergraph;
  if (!supergraph) throw new Error('No supergraph is given: use --supergraph FILE or SUPERGRAPH_PATH.');
  const port = portOf(flags.port ?? env.PORT ?? file.port ?? 4000);
  const mode = modeOf(
    flags.mode ?? file.mode ?? (env.NODE_ENV === 'production' ? 'production' : 'development'),
  );
  const { supergraph: _supergraph, port: _port, mode: _mode, host, policies, drainDelay, ...rest } = file;
  const envelopeKey = env.AISLE_ENVELOPE_KEY;
  const invalidationKey = env.ROUTER_INVALIDATION_KEY;
  if (file.cache && file.cache.enabled !== false && !env.ROUTER_REDIS_URL)
    throw new Error('The cache needs a Redis: set ROUTER_REDIS_URL.');
  return {
    configFile: config && resolve(config),
    redisUrl: env.ROUTER_REDIS_URL,
    options: {
      ...rest,
      supergraph: { file: resolve(supergraph) },
      port,
      mode,
      drainDelay: drainDelay ?? (mode === 'production' ? DRAIN_DELAY : 0),
      host: flags.host ?? env.HOST ?? host ?? '127.0.0.1',
      ...(envelopeKey && { envelopeKey }),
      ...(invalidationKey && { invalidationKey }),
      ...(policies && { policies: await readPolicies(resolve(policies)) }),
    } as Omit<RouterOptions, 'log'>,
  };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        supergraph: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        config: { type: 'string' },
        mode: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    throw new Error(`${(cause as Error).message.split('.')[0]}. See --help.`, { cause });
  }
}

/** @throws naming every unknown key and every value of the wrong kind */
async function readConfigFile(file: string): Promise<FileSettings> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const problem = cause.code === 'ENOENT' ? 'does not exist' : `cannot be read (${cause.code})`;
    throw new Error(`The configuration ${file} ${problem}.`, { cause });
  });
  let value: unknown;
  try {
    // JSON is YAML.
    value = parse(text) ?? {};
  } catch (cause) {
    throw new Error(`The configuration ${file} is not YAML: ${(cause as Error).message.split('\n')[0]}`, {
      cause,
    });
  }
  const parsed = configFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) =>
    [issue.path.join('.'), issue.message].filter(Boolean).join(': '),
  );
  throw new Error(`The configuration ${file} is not valid: ${problems.join('; ')}.`);
}

async function readPolicies(file: string): Promise<Readonly<Record<string, Policy>>> {
  const module = (await import(pathToFileURL(file).href).catch((cause: Error) => {
    throw new Error(`The policies ${file} cannot be loaded: ${cause.message.split('\n')[0]}`, { cause });
  })) as { policies?: unknown };
  const { policies } = module;
  const good =
    typeof policies === 'object' &&
    policies !== null &&
    Object.values(policies).every((one) => typeof one === 'function');
  if (!good) throw new Error(`The policies ${file} export no object "policies" of functions.`);
  return policies as Readonly<Record<string, Policy>>;
}

function portOf(value: string | number): number {
  const port = typeof value === 'number' ? value : /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(port >= 0 && port <= 65_535))
    throw new Error(`The port "${value}" is none: use a number from 0 to 65535.`);
  return port;
}

function modeOf(value: string): 'development' | 'production' {
  if (value !== 'development' && value !== 'production')
    throw new Error(`The mode "${value}" is neither development nor production.`);
  return value;
}
