// npm start: boots the stores, migrates, seeds on first run, starts the subgraphs and the router, and says where.
import { takesNothing } from './arguments.ts';
import { startDistributed } from './run/distributed.ts';
import { runInstance } from './run/instance.ts';
import { startSingle } from './run/single.ts';
import { readSettings } from './settings.ts';

await runInstance(() => {
  takesNothing('npm start', 'PORT, AISLE_HOME and AISLE_MODE are read from the environment');
  const settings = readSettings();
  return settings.mode === 'single'
    ? { what: 'npm start', title: 'Aisle, all in one process', settings, startSystem: startSingle }
    : {
        what: 'npm start',
        title: 'Aisle, one process per subgraph',
        settings,
        startSystem: startDistributed,
      };
});
