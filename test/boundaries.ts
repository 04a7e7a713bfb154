/** Checks who may import whom, and that every subgraph has the same rooms. Prints each violation; exit 1 on any. */
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

interface Import {
  readonly file: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** Path from the root for our own files, `node:fs` or `pg` for the rest. */
  readonly target: string;
}

const WORKSPACE = /^@aisle\/(\w+)(?:\/(.*))?$/;
const PURE_PLATFORM = /^platform\/(money|ids|identity|clock|bus|errors|privacy|text)\//;
const STORE_DRIVERS = /^(pg|redis|mongodb|stripe|undici|@aws-sdk\/)/;
const ROOMS = [
  'README.md',
  'package.json',
  'schema.graphql',
  'index.ts',
  'config.ts',
  'domain',
  'resolvers/index.ts',
  'store/index.ts',
  'events',
  'test',
];
const MAX_INDEX_LINES = 40;
const MAX_LINES = 400;

function targetOf(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier));
  const workspace = WORKSPACE.exec(specifier);
  if (!workspace) return specifier;
  const [, name, rest] = workspace;
  if (name === 'platform') return `platform/${rest}/index.ts`;
  return ['router', 'local', 'test', 'bench', 'audit'].includes(name!)
    ? `${name}/${rest ?? ''}`
    : `subgraphs/${name}/${rest ?? 'index.ts'}`;
}

async function importsOf(file: string): Promise<Import[]> {
  const source = await readFile(file, 'utf8');
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...source.matchAll(pattern)].map((match) => ({
    file,
    line: source.slice(0, match.index).split('\n').length,
    typeOnly: match[1] !== undefined,
    target: targetOf(file, (match[2] ?? match[3])!),
  }));
}

const isTest = (file: string) => /\.test\.ts$|\/test\//.test(file) || file.startsWith('test/');
const isOurs = (target: string) =>
  /^(platform|router|subgraphs|local|test|bench|audit|clients|schema)\//.test(target);

/** The rule an import breaks, or `undefined`. */
function broken({ file, target, typeOnly }: Import): string | undefined {
  if (isTest(file) && /^(test|local)\//.test(target)) return undefined;
  const [area, context] = file.split('/') as [string, string];
  if (area === 'platform' && isOurs(target) && !target.startsWith('platform/'))
    return 'platform knows nothing of what is built on it';
  if (area === 'router' && isOurs(target) && !/^(router|platform)\//.test(target))
    return 'the router knows subgraphs by their schema only';
  if (area === 'clients' && isOurs(target) && !/^clients\//.test(target))
    return 'a client uses the public API only';
  if (area !== 'subgraphs') return undefined;
  if (isOurs(target) && !target.startsWith('platform/') && !target.startsWith(`subgraphs/${context}/`))
    return 'a subgraph imports only itself and the platform';
  const room = file.split('/')[2]!;
  if (isTest(file)) return undefined;
  if (room === 'domain') {
    if (target.startsWith(`subgraphs/${context}/domain/`) || PURE_PLATFORM.test(target) || typeOnly)
      return undefined;
    return /^node:(crypto|url)$/.test(target) ? undefined : 'a domain is pure: it imports nothing outward';
  }
  if (room === 'resolvers') {
    if (STORE_DRIVERS.test(target) && !typeOnly) return 'resolvers see ports, not drivers';
    const inStore =
      target.startsWith(`subgraphs/${context}/store/`) && target !== `subgraphs/${context}/store/index.ts`;
    if (inStore && !typeOnly) return 'resolvers see the port (store/index.ts), not an adapter';
  }
  return undefined;
}

async function files(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of [
    'platform',
    'router',
    'subgraphs',
    'local',
    'test',
    'bench',
    'audit',
    'clients',
    'schema',
  ]) {
    for await (const file of glob(`${folder}/**/*.{ts,mts}`))
      if (!/node_modules|\/generated\//.test(file)) found.push(file);
  }
  return found;
}

async function contexts(): Promise<string[]> {
  const found: string[] = [];
  for await (const file of glob('subgraphs/*/package.json')) found.push(dirname(file));
  return found.sort();
}

const problems: string[] = [];
const sources = await files();
for (const file of sources) {
  for (const entry of await importsOf(file)) {
    const rule = broken(entry);
    if (rule) problems.push(`${entry.file}:${entry.line} imports ${entry.target}: ${rule}`);
  }
  const lines = (await readFile(file, 'utf8')).split('\n').length - 1;
  if (lines > MAX_LINES)
    problems.push(`${file} has ${lines} lines: split it along what it does (at most ${MAX_LINES})`);
}
for (const folder of await contexts()) {
  for (const room of ROOMS) if (!existsSync(join(folder, room))) problems.push(`${folder} has no ${room}`);
  const index = join(folder, 'index.ts');
  const lines = existsSync(index) ? (await readFile(index, 'utf8')).split('\n').length - 1 : 0;
  if (lines > MAX_INDEX_LINES) problems.push(`${index} has ${lines} lines, more than ${MAX_INDEX_LINES}`);
}
for (const problem of problems) console.error(`boundaries: ${problem}`);
console.log(
  problems.length === 0
    ? `boundaries: ${sources.length} files keep them`
    : `boundaries: ${problems.length} broken`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
