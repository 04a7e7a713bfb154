// npm run dlq -- list|redrive [CONSUMER …]: looks at the dead letters, or sends them back to their queues.
import { listDeadLetters, redriveDeadLetters } from '@aisle/platform/bus';
import { SetupError } from './errors.ts';
import { runningInstance } from './home.ts';
import { systemTopology } from './run/bus.ts';
import { loadContexts } from './run/contexts.ts';
import { runProcess } from './run/process.ts';
import { homeFolder } from './settings.ts';

function environment(): NodeJS.ProcessEnv {
  if (process.env.AWS_ENDPOINT_URL || process.env.AISLE_AWS === 'real') return process.env;
  const instance = runningInstance(homeFolder());
  if (instance) return { ...process.env, ...instance.env };
  throw new SetupError(`Nothing runs on ${homeFolder()}: start Aisle there first, or set AWS_ENDPOINT_URL.`);
}

async function consumersOf(asked: readonly string[]): Promise<string[]> {
  const all = systemTopology(await loadContexts()).consumers.map(({ name }) => name);
  const unknown = asked.find((name) => !all.includes(name));
  if (unknown) throw new SetupError(`"${unknown}" consumes no events; these do: ${all.join(', ')}.`);
  return asked.length > 0 ? [...asked] : all;
}

await runProcess(async () => {
  const [command, ...asked] = process.argv.slice(2);
  if (command !== 'list' && command !== 'redrive') {
    throw new SetupError(
      'Say what to do: "npm run dlq -- list" or "npm run dlq -- redrive", and of which consumers.',
    );
  }
  const env = environment();
  const consumers = await consumersOf(asked);
  if (command === 'redrive') {
    const count = await redriveDeadLetters(env, consumers);
    console.log(`${count} dead letters sent back to their queues.`);
    return 0;
  }
  const letters = await listDeadLetters(env, consumers);
  for (const { consumer, event, receives } of letters) {
    const what = event ? `${event.type} ${event.id} of ${event.subject}, ${event.time}` : 'not an event';
    console.log(`${consumer.padEnd(10)} ${what}, tried ${receives} times`);
  }
  console.log(`${letters.length} dead letters.`);
  return 0;
});
