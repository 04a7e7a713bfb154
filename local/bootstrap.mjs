// Entry of every npm script. Runs on Node 16 and later without any dependency:
//   node local/bootstrap.mjs SCRIPT.ts [args]      run a script of ours
//   node local/bootstrap.mjs --bin NAME [args]     run a tool of node_modules/.bin
// It makes sure that Node 24 and the dependencies are there, then hands over to the script.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDependencies, ensureNode } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function commandLine(args) {
  if (args[0] === '--bin') {
    const tool = join(root, 'node_modules', '.bin', args[1] || '');
    if (!args[1] || !existsSync(tool))
      throw new Error(`There is no tool named "${args[1] || ''}" in node_modules/.bin.`);
    return [tool, ...args.slice(2)];
  }
  const script = resolve(root, args[0] || '');
  if (!args[0] || !existsSync(script)) throw new Error(`There is no script "${args[0] || ''}" to run.`);
  // A young generation of 64 MB: with the usual 16, answers in the making outlive too many collections under load.
  return ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64', script, ...args.slice(1)];
}

/** Becomes the script where the present Node can (no process in between), else runs it and stands in for it. */
function handOver(node, args) {
  const env = {
    ...process.env,
    PATH: dirname(node) + delimiter + (process.env.PATH || ''),
    // What was compiled once is not compiled again: a second start is what people wait for most often.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE || join(root, '.cache', 'compile'),
  };
  if (node === process.execPath && process.execve) {
    process.removeAllListeners('warning');
    process.execve(node, [node, ...args], env);
  }
  const child = spawn(node, args, { stdio: 'inherit', env: { ...env, AISLE_SUPERVISED: '1' } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
    process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) endWithParent(child);
  child.on('error', (error) => {
    process.stderr.write(`Could not run ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code === null ? 1 : code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** npm may be killed without a word; its script must not stay behind. */
function endWithParent(child) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, 500);
  timer.unref();
}

try {
  const node = await ensureNode(root);
  await ensureDependencies(root, node);
  handOver(node, commandLine(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
