export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly prefixItems?: readonly JsonSchema[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly [keyword: string]: unknown;
}

/** Compared one by one below, or of no meaning to who reads an event. */
const OTHERWISE: ReadonlySet<string> = new Set(
  'type properties required items enum const anyOf oneOf prefixItems additionalProperties title description $schema x-producer default examples'.split(
    ' ',
  ),
);
/** Promises of at least, and of at most: more of the same is kept. */
const FLOORS: ReadonlySet<string> = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
]);
const CEILINGS: ReadonlySet<string> = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
]);

/** What consumers of the accepted schema would stumble over. Within a version, only additions are allowed: what was promised of a value before still holds. */
export function breakingChanges(path: string, before: JsonSchema, after: JsonSchema): string[] {
  const [old, now] = [formsOf(before), formsOf(after)];
  if (old || now) return newForms(path, old ?? [before], now ?? [after]);
  if (before.type !== after.type)
    return [`${path} was ${before.type ?? 'anything'}, is ${after.type ?? 'anything'}`];
  return [
    ...missingProperties(path, before, after),
    ...(before.items && after.items ? breakingChanges(`${path}[]`, before.items, after.items) : []),
    ...(before.items && !after.items ? [`${path}[] may be anything now`] : []),
    ...brokenTuple(path, before.prefixItems, after.prefixItems),
    ...looserMap(path, before.additionalProperties, after.additionalProperties),
    ...newValues(path, valuesOf(before), valuesOf(after)),
    ...brokenPromises(path, before, after),
  ];
}

const formsOf = ({ anyOf, oneOf }: JsonSchema) => anyOf ?? oneOf;

/** Each form there is now has to be one there was: who reads has no case for another. */
function newForms(path: string, old: readonly JsonSchema[], now: readonly JsonSchema[]): string[] {
  return now.flatMap((form) => {
    const problems = old.map((known) => breakingChanges(path, known, form));
    if (problems.some((found) => found.length === 0)) return [];
    // Of one form alone it can be said what is wrong with it.
    if (old.length === 1 && now.length === 1) return problems[0] ?? [];
    return [`${path} has a form now that consumers do not know (${form.type ?? 'anything'})`];
  });
}

function missingProperties(path: string, before: JsonSchema, after: JsonSchema): string[] {
  const problems: string[] = [];
  for (const [name, property] of Object.entries(before.properties ?? {})) {
    const now = after.properties?.[name];
    if (now) problems.push(...breakingChanges(`${path}.${name}`, property, now));
    else problems.push(`${path}.${name} is gone`);
  }
  for (const name of before.required ?? []) {
    if (after.properties?.[name] && !after.required?.includes(name))
      problems.push(`${path}.${name} may be absent now`);
  }
  return problems;
}

function brokenTuple(
  path: string,
  before: readonly JsonSchema[] | undefined,
  after: readonly JsonSchema[] | undefined,
): string[] {
  return (before ?? []).flatMap((item, index) => {
    const now = after?.[index];
    return now ? breakingChanges(`${path}[${index}]`, item, now) : [`${path}[${index}] is gone`];
  });
}

function looserMap(
  path: string,
  before: JsonSchema['additionalProperties'],
  after: JsonSchema['additionalProperties'],
): string[] {
  // An object of known properties may get more of them.
  if (typeof before !== 'object') return [];
  return typeof after === 'object'
    ? breakingChanges(`${path}.*`, before, after)
    : [`${path}.* may be anything now`];
}

const valuesOf = (schema: JsonSchema) => ('const' in schema ? [schema.const] : schema.enum);

function newValues(
  path: string,
  before: readonly unknown[] | undefined,
  after: readonly unknown[] | undefined,
): string[] {
  if (!before) return [];
  if (!after) return [`${path} may be anything now`];
  const added = after.filter((value) => !before.includes(value));
  return added.length > 0 ? [`${path} may be ${added.join(', ')} now, which consumers do not know`] : [];
}

/** Formats, patterns and bounds. A new or a tighter one is nothing to who reads. */
function brokenPromises(path: string, before: JsonSchema, after: JsonSchema): string[] {
  return Object.entries(before).flatMap(([keyword, was]) => {
    if (OTHERWISE.has(keyword)) return [];
    const is = after[keyword];
    const kept =
      (FLOORS.has(keyword) && Number(is) >= Number(was)) ||
      (CEILINGS.has(keyword) && Number(is) <= Number(was)) ||
      JSON.stringify(is) === JSON.stringify(was);
    return kept ? [] : [`${path} had ${keyword} ${text(was)}, has ${is === undefined ? 'none' : text(is)}`];
  });
}

const text = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value));
