// npm run reset: removes the data of AISLE_HOME (stores, secrets, logs). What was fetched (.cache) stays.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takesNothing } from './arguments.ts';
import { explainDisk, SetupError } from './errors.ts';
import { notedElsewhere, takeHome } from './home.ts';
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
  takesNothing('npm run reset', 'AISLE_HOME is read from the environment, and nothing was removed');
  const home = homeFolder();
  if (!existsSync(home)) {
    console.log(`There is no data in ${home}.`);
    return 0;
  }
  const strange = readdirSync(home).find((name) => !OURS.has(name));
  if (strange)
    throw new SetupError(`${home} also holds "${strange}", which is not Aisle's; it was left as it is.`);
  const elsewhere = notedElsewhere(home);
  const lock = takeHome(home, 'npm run reset');
  try {
    // Stores of an instance that was killed may still be writing.
    for (const name of ['postgres', 'redis', 'mongodb', 'sqs', 'psp']) await previousEnded(home, name);
    // Without their keys, accounts that lie on given servers could not sign in any more.
    const kept = elsewhere ? ['run', 'secrets'] : ['run'];
    for (const name of readdirSync(home).filter((entry) => !kept.includes(entry))) {
      rmSync(join(home, name), { recursive: true, force: true });
    }
    if (!elsewhere) rmSync(home, { recursive: true, force: true });
  } catch (error) {
    throw explainDisk(home, error);
  } finally {
    if (existsSync(home)) lock.release();
  }
  console.log(`The data in ${home} is gone; the next start makes it anew.`);
  if (elsewhere)
    console.log(
      `What lies in ${elsewhere} is not cleared by this; ${home}/secrets, which opens it, was kept.`,
    );
  return 0;
});
