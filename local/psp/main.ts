import { parseArgs } from 'node:util';
import { startPsp } from './server.ts';

/**
 * Runs the emulator of the payment provider: `node local/psp/main.ts --port 12111 --data FILE`.
 * `--key` and `--webhook-secret` default to STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET of the environment.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    data: { type: 'string' },
    key: { type: 'string' },
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
});
if (!values.data) {
  process.stderr.write('The payment emulator needs --data FILE for its state.\n');
  process.exit(2);
}
const key = values.key ?? process.env.STRIPE_SECRET_KEY;
const url = values['webhook-url'] ?? process.env.STRIPE_WEBHOOK_URL;
const secret = values['webhook-secret'] ?? process.env.STRIPE_WEBHOOK_SECRET;
const print = (line: object) =>
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`);

const psp = await startPsp({
  port: Number(values.port),
  data: values.data,
  ...(key && { key }),
  webhook: { ...(url && { url }), ...(secret && { secret }) },
  ...(!values.quiet && { log: print }),
}).catch((error: NodeJS.ErrnoException) => {
  const why = error.code === 'EADDRINUSE' ? `port ${values.port} is taken` : error.message;
  process.stderr.write(`The payment emulator cannot start: ${why}.\n`);
  process.exit(1);
});
process.stdout.write(`ready ${psp.url}\n`);

let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void psp.stop().then(() => process.exit(0));
  });
}
