// A lock held by a file that names its owner. Plain JavaScript: the bootstrap imports it on old Node too.
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** When a process started, in a form that a later process with the same id cannot share ('' if unknown). */
function startedAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return '';
  }
}

function isAlive(pid, started) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return !started || startedAt(pid) === started || startedAt(pid) === '';
}

function readOwner(path) {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8'));
    return { ...owner, alive: isAlive(owner.pid, owner.started) };
  } catch (error) {
    // A file that was created and not yet written belongs to someone who is alive.
    return error.code === 'ENOENT' ? undefined : { pid: 0, note: '', alive: true, unreadable: true };
  }
}

/** Notes that process `pid` (not this one) is ours, so that a later run can find it again: see `recordedProcess`. */
export function recordProcess(path, pid) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify({ pid, started: startedAt(pid) }));
}

export function recordedProcess(path) {
  const owner = readOwner(path);
  if (!owner || owner.unreadable) return undefined;
  const isOther = isAlive(owner.pid, '') && (!owner.started || startedAt(owner.pid) !== owner.started);
  return { pid: owner.pid, alive: owner.alive && !isOther, isOther };
}

/** Moves a dead owner's file aside; puts it back when it turns out to be a living owner's after all. */
function removeDead(path) {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readOwner(aside)?.alive && !existsSync(path)) linkSync(aside, path);
  rmSync(aside, { force: true });
}

export function tryLock(path, note = '') {
  mkdirSync(dirname(path), { recursive: true });
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      const file = openSync(path, 'wx', 0o644);
      writeSync(file, JSON.stringify({ pid: process.pid, started: startedAt(process.pid), note }));
      closeSync(file);
      return { release: () => rmSync(path, { force: true }) };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = readOwner(path);
    if (owner?.alive) return { heldBy: owner };
    removeDead(path);
  }
  return { heldBy: { pid: 0, note: '' } };
}

export async function withLock(path, { waitMs, onWait }, work) {
  const until = Date.now() + waitMs;
  let told = false;
  for (;;) {
    const lock = tryLock(path);
    if (lock.release) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (Date.now() > until) {
      throw new Error(
        `Process ${lock.heldBy.pid} has held ${path} for too long; stop it, or remove that file.`,
      );
    }
    if (!told && onWait) onWait(lock.heldBy.pid);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
