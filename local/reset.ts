// npm run reset: removes the data of AISLE_HOME (stores, secrets, logs). What was fetched (.cache) stays.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { explainDisk, SetupError } from './errors.ts';
import { takeHome } from './home.ts';
import { runProcess } from './run/process.ts';
import { homeFolder } from './settings.ts';
import { previousEnded } from './stores/boot.ts';

/** All that a home may hold; a folder with anything else in it is somebody's own and is not removed. */
const OURS = new Set([
  'logs',
  'mongodb',
  'postgres',
  'postgres.new',
  'psp',
  'redis',
  'run',
  'secantus',
  'secrets',
  'seeded.json',
  'sqs',
]);

await runProcess(async () => {
  const home = homeFolder();
  if (!existsSync(home)) {
    console.log(`There is no data in ${home}.`);
    return 0;
  }
  const strange = readdirSync(home).find((name) => !OURS.has(name));
  if (strange)
    throw new SetupError(`${home} also holds "${strange}", which is not Aisle's; it was left as it is.`);
  const lock = takeHome(home, 'npm run reset');
  try {
    // Stores of an instance that was killed may still be writing.
    for (const name of ['postgres', 'redis', 'mongodb', 'sqs', 'psp']) await previousEnded(home, name);
    for (const name of readdirSync(home).filter((entry) => entry !== 'run')) {
      rmSync(join(home, name), { recursive: true, force: true });
    }
    rmSync(home, { recursive: true, force: true });
  } catch (error) {
    throw explainDisk(home, error);
  } finally {
    if (existsSync(home)) lock.release();
  }
  console.log(`The data in ${home} is gone; the next start makes it anew.`);
  return 0;
});
