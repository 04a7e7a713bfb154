/** `npm run bench -- router|checkout|… [options]`: each bench prints its figures and how they were made. */
const benches: Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>> = {
  router: () => import('./router/run.ts'),
  checkout: () => import('./checkout/run.ts'),
};

const [name = '', ...args] = process.argv.slice(2);
const load = benches[name];
if (!load) {
  console.error(`Which bench? npm run bench -- ${Object.keys(benches).join('|')}`);
  process.exitCode = 2;
} else {
  const { run } = await load();
  await run(args);
}
