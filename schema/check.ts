/** `npm run schema:check`: composes, lints, and judges the change of the public API by what clients send. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { buildSchema, parse } from 'graphql';
import { CompositionFailure } from '../router/compose/index.ts';
import { judge } from './changes.ts';
import { readCommands, readSubgraphs } from './commands.ts';
import { BASELINE, type ComposedApi, composeApi, SUPERGRAPH } from './compose.ts';
import { checkEvents, eventFiles, readEvents } from './events.ts';
import { lintSdl } from './lint.ts';
import { OPERATIONS, operationProblems, readOperations, renderManifest } from './operations.ts';

const errors: string[] = [];
const warnings: string[] = [];

async function check(): Promise<void> {
  let composed: ComposedApi;
  try {
    composed = await composeApi();
  } catch (error) {
    if (!(error instanceof CompositionFailure)) throw error;
    errors.push(error.message);
    return;
  }
  for (const hint of composed.hints)
    warnings.push(`${hint.code}: ${hint.message.replace(/\s+/g, ' ').slice(0, 200)}`);
  for (const { name, sdl } of composed.subgraphs) errors.push(...lintSdl(name, parse(sdl)));
  if (!existsSync(SUPERGRAPH) || (await readFile(SUPERGRAPH, 'utf8')) !== composed.supergraphSdl) {
    errors.push(`${SUPERGRAPH} is not what the subgraphs compose to: run \`npm run codegen\`.`);
  }
  if (!existsSync(BASELINE)) {
    errors.push(`${BASELINE} is missing: run \`npm run schema:accept\`.`);
    return;
  }
  const before = await readFile(BASELINE, 'utf8');
  if (!existsSync(OPERATIONS) || (await readFile(OPERATIONS, 'utf8')) !== (await renderManifest()))
    errors.push(`${OPERATIONS} is not what the clients send: run \`npm run operations\`.`);
  const operations = await readOperations();
  const verdict = judge(buildSchema(before), composed.api, operations);
  errors.push(...verdict.breaking);
  if (verdict.breaking.length === 0) errors.push(...(await operationProblems(composed)));
  if (verdict.breaking.length === 0) warnings.push(...verdict.noticed);
  if (before !== composed.apiSdl && verdict.noticed.length > 0) {
    errors.push(
      'The public API changed in a way that clients may notice: run `npm run schema:accept` so that the change shows in review.',
    );
  }
  console.log(
    `schema: ${composed.subgraphs.length} subgraphs compose, ${operations.length} registered operations judged`,
  );
}

async function checkEventSchemas(): Promise<void> {
  const events = await readEvents();
  const problems = await checkEvents(events);
  errors.push(...problems);
  if (problems.length > 0) return;
  for (const [file, content] of eventFiles(events)) {
    if (!existsSync(file) || (await readFile(file, 'utf8')) !== content)
      errors.push(`${file} is not up to date: run \`npm run schema:accept\`.`);
  }
  console.log(`schema: ${events.length} events compared`);
}

async function checkCommands(): Promise<void> {
  const subgraphs = await readSubgraphs();
  let count = 0;
  for (const subgraph of subgraphs) {
    try {
      count += (await readCommands(subgraph, subgraphs)).length;
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  console.log(`schema: ${count} commands between contexts are valid for their callees`);
}

await check();
await checkCommands();
await checkEventSchemas();
for (const warning of warnings.slice(0, 40)) console.log(`schema: note: ${warning}`);
if (warnings.length > 40) console.log(`schema: and ${warnings.length - 40} more notes`);
for (const error of errors) console.error(`schema: ${error}`);
console.log(errors.length === 0 ? 'schema: ok' : `schema: ${errors.length} problems`);
process.exitCode = errors.length === 0 ? 0 : 1;
