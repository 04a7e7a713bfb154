import type { GraphQLError } from 'graphql';
import type { Path } from '../run.ts';

/** Which places of a response already have an error, so that a null there needs no second one. */
export class ReportedPaths {
  readonly #at = new Set<string>();
  readonly #atOrBelow = new Set<string>();

  constructor(errors: readonly GraphQLError[]) {
    for (const error of errors) if (error.path) this.add(error.path);
  }

  add(path: Path): void {
    let key = '';
    for (const step of path) {
      key += `${step}\n`;
      this.#atOrBelow.add(key);
    }
    this.#at.add(key);
  }

  /** Is there an error at the path, above it or below it? */
  explains(path: Path): boolean {
    if (this.#at.size === 0) return false;
    let key = '';
    for (const step of path) {
      key += `${step}\n`;
      if (this.#at.has(key)) return true;
    }
    return this.#atOrBelow.has(key);
  }
}
