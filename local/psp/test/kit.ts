import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { type Psp, type PspOptions, startPsp } from '../server.ts';

export const KEY = 'sk_test_emulator';

/** The official SDK, pointed at an emulator. */
export function sdk(psp: Psp, key = KEY): Stripe {
  const { hostname, port } = new URL(psp.url);
  return new Stripe(key, {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
    timeout: 500,
  });
}

export interface TestPsp {
  psp: Psp;
  stripe: Stripe;
  folder: string;
  /** Ends it and starts it again on its data, on another port unless one is given. */
  restart(port?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function testPsp(options: Partial<PspOptions> = {}): Promise<TestPsp> {
  const folder = mkdtempSync(join(tmpdir(), 'aisle-psp-'));
  const start = (port = 0) =>
    startPsp({ port, data: join(folder, 'psp.jsonl'), key: KEY, slowMs: 100, ...options });
  const psp = await start();
  const kit: TestPsp = {
    psp,
    stripe: sdk(psp),
    folder,
    async restart(port) {
      await kit.psp.stop();
      kit.psp = await start(port);
      kit.stripe = sdk(kit.psp);
    },
    async stop() {
      await kit.psp.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return kit;
}
