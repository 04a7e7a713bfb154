// npm run audit: checks every invariant of the architecture over all stores; exit 1 on any violation.
import { join } from 'node:path';
import { takesNothing } from '../local/arguments.ts';
import { SetupError } from '../local/errors.ts';
import { runningInstance } from '../local/home.ts';
import { systemTopology } from '../local/run/bus.ts';
import { loadContexts } from '../local/run/contexts.ts';
import { runProcess } from '../local/run/process.ts';
import { homeFolder } from '../local/settings.ts';
import { audit } from './audit.ts';
import { openStores } from './stores.ts';

const SHOWN = 10;

await runProcess(async () => {
  takesNothing('npm run audit', 'AISLE_HOME is read from the environment');
  const home = homeFolder();
  const instance = runningInstance(home);
  const env = { ...process.env, ...instance?.env };
  if (!instance && !env.DATABASE_URL)
    throw new SetupError(
      `Nothing runs on ${home}: start Aisle there first, or set the addresses of the stores (DATABASE_URL, …).`,
    );
  const consumers = systemTopology(await loadContexts()).consumers.map(({ name }) => name);
  const stores = await openStores(env, consumers, join(home, 'logs'));
  try {
    const verdicts = await audit(stores);
    for (const { id, title, looked, violations, milliseconds } of verdicts) {
      const mark = violations.length === 0 ? 'ok  ' : 'FAIL';
      console.log(
        `${mark} ${id.padStart(2)}  ${title}  (${looked} looked at, ${Math.round(milliseconds)} ms)`,
      );
      for (const violation of violations.slice(0, SHOWN)) console.log(`         ${violation}`);
      if (violations.length > SHOWN) console.log(`         and ${violations.length - SHOWN} more`);
    }
    const failed = verdicts.filter(({ violations }) => violations.length > 0).length;
    console.log(
      failed === 0
        ? `audit: all ${verdicts.length} invariants hold`
        : `audit: ${failed} of ${verdicts.length} invariants are broken`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await stores.close();
  }
});
