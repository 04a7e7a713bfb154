import { stat } from 'node:fs/promises';

/** Milliseconds between looks: polling sees what editors and Kubernetes do (rename over, symlink swap) alike. */
const EVERY = 250;

export interface Watched {
  /** Calls `onChange` from now on, also for what changed since the watching began. */
  follow(onChange: () => void): void;
  stop(): void;
}

/**
 * Watches a file, and those it names, for other content. What changes together is told once: when two looks in a row see the same. A file that is away is being replaced, which is
 * no change yet.
 * @param named The files whose content counts as well; asked anew whenever the file itself changes.
 */
export async function watchContent(
  file: string,
  named: (file: string) => Promise<readonly string[]> = async () => [],
): Promise<Watched> {
  let files = [file, ...(await named(file))];
  /** What was there when it was last told of. */
  let told = await look(files, new Map());
  let before = told;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function next(onChange: () => void): Promise<void> {
    let now = await look(files, before);
    if (now.get(file) !== before.get(file)) {
      files = [file, ...(await named(file))];
      now = await look(files, before);
    }
    const isStill = isSame(now, before);
    before = now;
    if (!isStill || isSame(now, told) || isStopped) return;
    told = now;
    onChange();
  }

  return {
    follow(onChange) {
      const again = () => {
        timer = setTimeout(() => void next(onChange).finally(() => !isStopped && again()), EVERY);
        timer.unref();
      };
      again();
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** By file, what is different when another one has taken its place or it was written to. */
type Looks = ReadonlyMap<string, string>;

async function look(files: readonly string[], before: Looks): Promise<Looks> {
  const looks = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const there = await stat(file).catch(() => undefined);
      return [file, there ? `${there.ino} ${there.mtimeMs} ${there.size}` : (before.get(file) ?? '')];
    }),
  );
  return new Map(looks);
}

function isSame(one: Looks, other: Looks): boolean {
  return one.size === other.size && [...one].every(([file, look]) => other.get(file) === look);
}
