import type { Clock } from '../clock/index.ts';
import { forbidden } from '../errors/index.ts';
import type { Log } from '../log/index.ts';
import type { Scope } from './definition.ts';
import type { RequestContext } from './operation.ts';

/** One operation's scope: made per request, so it does no more than keep references. */
export class OperationScope<Ports> implements Scope<Ports> {
  readonly caller;
  readonly requestId;
  readonly deadline;
  readonly signal;
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly clientAddress?: string;
  readonly clock: Clock;
  readonly ports: Ports;
  readonly #log: Log;
  #childLog?: Log;
  #singletons?: Map<object, unknown>;

  constructor(request: RequestContext, clock: Clock, log: Log, ports: Ports) {
    this.caller = request.caller;
    this.requestId = request.requestId;
    this.deadline = request.deadline;
    this.signal = request.signal;
    if (request.traceparent) this.traceparent = request.traceparent;
    if (request.tracestate) this.tracestate = request.tracestate;
    if (request.clientAddress) this.clientAddress = request.clientAddress;
    this.clock = clock;
    this.#log = log;
    this.ports = ports;
  }

  get log(): Log {
    this.#childLog ??= this.#log.child({ requestId: this.requestId });
    return this.#childLog;
  }

  once<T>(key: object, make: () => T): T {
    this.#singletons ??= new Map();
    if (!this.#singletons.has(key)) this.#singletons.set(key, make());
    return this.#singletons.get(key) as T;
  }
}

/** Commands are for other contexts only. @throws FORBIDDEN for people, and for services that are not named. */
export function requireService(scope: Pick<Scope, 'caller'>, allowed: readonly string[]): void {
  if (scope.caller.kind !== 'service' || !allowed.includes(scope.caller.subject)) throw forbidden();
}
