/**
 * `npm run operations`: registers every operation under `clients/` in `schema/operations.json`. `--check` writes nothing and fails when the
 * file is not what it would write.
 */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { composeApi } from './compose.ts';
import { type Manifest, OPERATIONS, operationProblems, renderManifest } from './operations.ts';

const check = process.argv.includes('--check');
const problems = await operationProblems(await composeApi());
const manifest = await renderManifest();
if (problems.length === 0) {
  const before = existsSync(OPERATIONS) ? await readFile(OPERATIONS, 'utf8') : '';
  if (before !== manifest && check)
    problems.push(`${OPERATIONS} is not up to date: run \`npm run operations\`.`);
  if (before !== manifest && !check) await writeFile(OPERATIONS, manifest);
  if (problems.length === 0) {
    const { operations } = JSON.parse(manifest) as Manifest;
    for (const { id, name, type } of operations)
      console.log(`operations: ${id.slice(0, 12)} ${type} ${name}`);
    console.log(
      `operations: ${operations.length} ${check ? 'are registered' : `registered in ${OPERATIONS}`}`,
    );
  }
}
for (const problem of problems) console.error(`operations: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
