import type { RequestCache, ResponsePart } from '../engine/fetch-cache.ts';
import type { CachePolicy } from './rules/policy.ts';

/** The policy of a whole response: that of the part that ends first, private when any part is. */
export class ResponsePolicy implements RequestCache {
  readonly read: boolean;
  readonly write: boolean;
  #first: ResponsePart | undefined;
  #isPrivate = false;
  #isForbidden = false;

  constructor(requestCacheControl: string | undefined) {
    const directives = requestCacheControl?.toLowerCase() ?? '';
    this.write = !directives.includes('no-store');
    this.read = this.write && !directives.includes('no-cache') && !/max-age\s*=\s*0\b/.test(directives);
  }

  add(part: ResponsePart): void {
    if (part.scope === 'PRIVATE') this.#isPrivate = true;
    if (part.maxAge - part.age <= 0) this.#isForbidden = true;
    else if (!this.#first || part.maxAge - part.age < this.#first.maxAge - this.#first.age)
      this.#first = part;
  }

  forbid(): void {
    this.#isForbidden = true;
  }

  /** `undefined`: the response may not be kept. Whole seconds, never more than are left. */
  get result():
    | { readonly maxAge: number; readonly age: number; readonly scope: CachePolicy['scope'] }
    | undefined {
    if (this.#isForbidden || !this.write || !this.#first) return undefined;
    const age = Math.ceil(this.#first.age);
    const maxAge = Math.floor(this.#first.maxAge);
    return maxAge - age > 0 ? { maxAge, age, scope: this.#isPrivate ? 'PRIVATE' : 'PUBLIC' } : undefined;
  }
}
