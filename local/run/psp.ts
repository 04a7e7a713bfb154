import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../settings.ts';
import { bootStore } from '../stores/boot.ts';
import { reach } from '../stores/reach.ts';
import { givenStore, type StoreHandle, withoutSecrets } from '../stores/types.ts';

export interface PspOptions {
  readonly home: string;
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
  given,
  secrets,
  webhookUrl,
  notice,
}: PspOptions): Promise<StoreHandle> {
  const url = given.STRIPE_API_URL;
  if (url)
    return givenStore('psp', `given by STRIPE_API_URL, ${withoutSecrets(url)}`, { STRIPE_API_URL: url });
  const folder = join(home, 'psp');
  mkdirSync(folder, { recursive: true });
  const script = [process.execPath, '--disable-warning=ExperimentalWarning', join(ROOT, 'local/psp/main.ts')];
  const data = ['--data', join(folder, 'journal.jsonl'), '--webhook-url', webhookUrl];
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
