export type Obj = Record<string, unknown>;

/** Names every plain object inherits: a GraphQL alias may be one of them, so they are never read or written without care. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}

/** The object's own value of `name`; `undefined` when it has none, whatever its prototype has. */
export function own(object: Obj, name: string): unknown {
  const value = object[name];
  return value === undefined || !INHERITED.has(name) || Object.hasOwn(object, name) ? value : undefined;
}

/** Sets an own property, `__proto__` included. */
export function setOwn(object: Obj, name: string, value: unknown): void {
  if (INHERITED.has(name))
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  else object[name] = value;
}

export function isObject(value: unknown): value is Obj {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
