import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SetupError } from '../errors.ts';
import { bootStore } from './boot.ts';
import { reach, reachFailure } from './reach.ts';
import { givenStore, type StoreContext, type StoreHandle, withoutSecrets } from './types.ts';

const SERVER = fileURLToPath(new URL('sqs-server.ts', import.meta.url));

/** SNS/SQS: given by AWS_ENDPOINT_URL, or real AWS by AISLE_AWS=real → fauxqs of npm, in a process of its own. */
export async function startSqs(context: StoreContext): Promise<StoreHandle> {
  const { env, home } = context;
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1';
  if (env.AWS_ENDPOINT_URL) {
    const url = env.AWS_ENDPOINT_URL;
    if (!/^https?:/.test(url) || !URL.canParse(url))
      throw new SetupError('AWS_ENDPOINT_URL must be an address such as http://127.0.0.1:4566.');
    const where = `SNS/SQS at ${withoutSecrets(url)} (AWS_ENDPOINT_URL)`;
    await reach(url).catch((error: Error) => {
      throw new SetupError(`${where} cannot be reached: ${reachFailure(error)}.`);
    });
    const given = { AWS_ENDPOINT_URL: url, ...credentials(env), AWS_REGION: region };
    await assertSqs(given, where);
    return givenStore('sqs', `SNS/SQS given by AWS_ENDPOINT_URL, ${withoutSecrets(url)}`, given);
  }
  if (env.AISLE_AWS === 'real') {
    await assertSqs({ AWS_REGION: region }, `SNS/SQS of AWS in ${region} (AISLE_AWS=real)`);
    return givenStore('sqs', `real AWS, ${region}`, { AWS_REGION: region });
  }
  if (env.AISLE_AWS) throw new SetupError(`AISLE_AWS must be "real" or unset and is "${env.AISLE_AWS}".`);
  const data = join(home, 'sqs');
  mkdirSync(data, { recursive: true });
  const url = (port: number) => `http://127.0.0.1:${port}`;
  return bootStore({
    name: 'sqs',
    home,
    notice: context.log,
    choice: `fauxqs ${fauxqsVersion()} from npm`,
    signal: 'TERM',
    command: (port) => [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      SERVER,
      data,
      String(port),
      region,
    ],
    ready: (port) => reach(`${url(port)}/health`),
    env: (port) => ({ AWS_ENDPOINT_URL: url(port), AWS_REGION: region, ...LOCAL_CREDENTIALS }),
  });
}

/** Asks the server for a queue that need not exist. @throws SetupError when what answers is no SQS, or refuses us */
async function assertSqs(env: Record<string, string>, where: string): Promise<void> {
  const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key } = env;
  const sqs = new SQSClient({
    region: env.AWS_REGION,
    ...(endpoint && { endpoint }),
    ...(id && key && { credentials: { accessKeyId: id, secretAccessKey: key } }),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
  });
  try {
    await sqs.send(new GetQueueUrlCommand({ QueueName: 'aisle-orders' }));
  } catch (error) {
    const { name, message } = error as Error;
    if (/QueueDoesNotExist|NonExistentQueue/.test(name)) return;
    const [reason = name] = message.split('\n');
    throw new SetupError(`${where} cannot be used: ${reason.replace(/[.:]$/, '')}.`);
  } finally {
    sqs.destroy();
  }
}

/** Its package.json is not exported, so it is read beside the entry file. */
function fauxqsVersion(): string {
  const entry = fileURLToPath(import.meta.resolve('fauxqs'));
  return (JSON.parse(readFileSync(join(entry, '..', '..', 'package.json'), 'utf8')) as { version: string })
    .version;
}

/** The SDK signs every request; a local server takes any signature. */
const LOCAL_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };

function credentials(env: NodeJS.ProcessEnv): Record<string, string> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key } = env;
  if (id && key) return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key };
  return env.AWS_PROFILE ? {} : LOCAL_CREDENTIALS;
}
