/** What goes wrong. `-after`: the operation is done first, so that only its reply is lost. */
export const FAULTS = [
  'error',
  'error-after',
  'rate-limit',
  'hang',
  'hang-after',
  'cut',
  'cut-after',
  'delay',
] as const;
export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  readonly fault: FaultKind;
  /** Requests that it hits. @default 1 */
  readonly times?: number;
  /** Only requests whose path begins so. @default every path under /v1/ */
  readonly path?: string;
  /** Only requests with this method. */
  readonly method?: string;
  /** Milliseconds of `delay`. @default 1 000 */
  readonly ms?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that hits this request, if any; it is used up once. */
  take(method: string, path: string): { readonly fault: FaultKind; readonly ms: number } | undefined;
  list(): readonly Fault[];
}

export function createFaults(): Faults {
  let planned: (Required<Omit<Fault, 'method'>> & { method: string | undefined; left: number })[] = [];
  return {
    add({ fault, times = 1, path = '/v1/', method, ms = 1_000 }) {
      planned.push({ fault, times, path, method, ms, left: times });
    },
    clear() {
      planned = [];
    },
    take(method, path) {
      if (planned.length === 0) return undefined;
      const hit = planned.find(
        (one) => path.startsWith(one.path) && (one.method === undefined || one.method === method),
      );
      if (!hit) return undefined;
      hit.left--;
      if (hit.left <= 0) planned = planned.filter((one) => one !== hit);
      return { fault: hit.fault, ms: hit.ms };
    },
    list: () =>
      planned.map(
        ({ left, ...fault }) =>
          ({ ...fault, times: left, ...(fault.method && { method: fault.method }) }) as Fault,
      ),
  };
}

/** @throws TypeError for anything that is not a fault */
export function readFault(given: unknown): Fault {
  const fault = given as Partial<Fault> | null;
  const known = FAULTS.find((kind) => kind === fault?.fault);
  if (!fault || !known) throw new TypeError(`fault must be one of ${FAULTS.join(', ')}`);
  if (fault.times !== undefined && !(Number.isInteger(fault.times) && fault.times > 0))
    throw new TypeError('times must be a whole number above 0');
  if (fault.ms !== undefined && !(fault.ms >= 0)) throw new TypeError('ms must be a number of milliseconds');
  return { ...fault, fault: known };
}
