import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../errors.ts';
import { ROOT } from '../settings.ts';
import { bootStore } from '../stores/boot.ts';
import { reach, reachFailure } from '../stores/reach.ts';
import { givenStore, type StoreHandle, withoutSecrets } from '../stores/types.ts';

export interface PspOptions {
  readonly home: string;
  /** `Stores.elsewhere`: to each set of orders its own payments. */
  readonly elsewhere: string;
  /** The caller's environment: STRIPE_API_URL there means a provider that is already running. */
  readonly given: NodeJS.ProcessEnv;
  /** STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Where signed webhooks go. */
  readonly webhookUrl: string;
  /** Told when the emulator dies and when it is back. @default nobody */
  readonly notice?: (line: string) => void;
}

/** The payment provider: given by STRIPE_API_URL → our emulator of Stripe's API, in a process of its own. */
export async function startPsp({
  home,
  elsewhere,
  given,
  secrets,
  webhookUrl,
  notice,
}: PspOptions): Promise<StoreHandle> {
  const url = given.STRIPE_API_URL;
  if (url) {
    await assertProvider(url);
    return givenStore('psp', `given by STRIPE_API_URL, ${withoutSecrets(url)}`, { STRIPE_API_URL: url });
  }
  const folder = join(home, 'psp');
  mkdirSync(folder, { recursive: true });
  const script = [process.execPath, '--disable-warning=ExperimentalWarning', join(ROOT, 'local/psp/main.ts')];
  const data = ['--data', join(folder, journalOf(elsewhere)), '--webhook-url', webhookUrl];
  const origin = (port: number) => `http://127.0.0.1:${port}`;
  return bootStore({
    name: 'psp',
    home,
    notice: notice ?? (() => {}),
    choice: 'emulator of Stripe in local/psp',
    signal: 'TERM',
    command: (port) => [...script, ...data, '--port', String(port)],
    processEnv: { ...process.env, ...secrets },
    ready: (port) => reach(origin(port)),
    env: (port) => ({ STRIPE_API_URL: origin(port) }),
  });
}

function journalOf(elsewhere: string): string {
  const digest = createHash('sha256').update(elsewhere).digest('hex').slice(0, 16);
  return elsewhere ? `journal-${digest}.jsonl` : 'journal.jsonl';
}

/** @throws SetupError for an address that nobody answers at */
async function assertProvider(url: string): Promise<void> {
  if (!/^https?:/.test(url) || !URL.canParse(url))
    throw new SetupError('STRIPE_API_URL must be an address such as https://api.stripe.com.');
  await reach(url).catch((error: Error) => {
    throw new SetupError(
      `The payment provider at ${withoutSecrets(url)} (STRIPE_API_URL) cannot be reached: ${reachFailure(error)}.`,
    );
  });
}
