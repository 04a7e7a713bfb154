import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { isInherited, isObject, own } from '../own.ts';
import type { SharedValues } from '../run.ts';
import { leafCheck } from './leaf.ts';
import { quote } from './quote.ts';
import type { FieldShape, ObjectShape, SelectionShape } from './shape.ts';

/** JSON of a value, or `undefined` when the value is not what the schema says: then `complete` has to find out what to answer. */
export type Writer = (value: unknown, shared: SharedValues | undefined) => string | undefined;

/** JSON of a `__schema` or `__type` field. */
export type WriteIntrospection = (field: FieldShape) => string;

/**
 * Compiles the writer of everything selected at one place: per runtime type one generated function that concatenates JSON straight from subgraph data.
 * The functions are made when the first object of their type is written.
 */
export function objectWriter(selected: SelectionShape, introspection: WriteIntrospection): Writer {
  const compiled = new Map<unknown, Writer>();
  const isStatic = isObjectType(selected.declared);
  const compileFor = (typename: unknown): Writer | undefined => {
    const shape = selected.forType(typename);
    const writer = shape && generate(shape, introspection);
    if (writer) compiled.set(typename, writer);
    return writer;
  };
  if (isStatic) {
    let only: Writer | undefined;
    return (value, shared) => {
      if (!isObject(value)) return undefined;
      only ??= compileFor(undefined);
      return only?.(value, shared);
    };
  }
  return (value, shared) => {
    if (!isObject(value)) return undefined;
    const typename = own(value, '__typename');
    return (compiled.get(typename) ?? compileFor(typename))?.(value, shared);
  };
}

/** Generates `(o) => '{"id":' + … + '}'`. Only GraphQL names and our own helpers get into the source. */
function generate(shape: ObjectShape, introspection: WriteIntrospection): Writer {
  const helpers: unknown[] = [];
  const helper = (value: unknown): string => `h[${helpers.push(value) - 1}]`;
  const body: string[] = [];
  let pending = '{';
  shape.fields.forEach((field, index) => {
    pending += `${index === 0 ? '' : ','}"${field.key}":`;
    if (field.source === 'typename' && isObjectType(shape.type)) {
      pending += `"${shape.type.name}"`;
      return;
    }
    body.push(`s += ${JSON.stringify(pending)};`);
    pending = '';
    body.push(fieldSource(field, introspection, helper));
  });
  body.push(`return s + ${JSON.stringify(`${pending}}`)};`);
  return new Function(
    'h',
    'own',
    'q',
    'once',
    `'use strict'; return (o, c) => { let s = '', v, r;\n${body.join('\n')}\n};`,
  )(helpers, own, quote, writeOnce) as Writer;
}

function fieldSource(
  field: FieldShape,
  introspection: WriteIntrospection,
  helper: (value: unknown) => string,
): string {
  if (field.source === 'introspection') return `s += ${helper(() => introspection(field))}();`;
  // The runtime type is an interface: which object it is, nobody knows.
  if (field.source === 'typename') return 'return undefined;';
  const read = isInherited(field.from) ? `own(o, "${field.from}")` : `o.${field.from}`;
  const nullable = !isNonNullType(field.type);
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  const onNull = nullable ? "s += 'null'" : 'return undefined';
  const fast = isLeafType(type) ? leafSource(type) : undefined;
  if (fast)
    return `v = ${read}; ${fast} else if (v === null || v === undefined) ${onNull}; else return undefined;`;
  const writer = helper(valueWriter(type, field, introspection));
  return `v = ${read}; if (v === null || v === undefined) ${onNull}; else { r = c === undefined ? ${writer}(v) : once(c, ${writer}, v); if (r === undefined) return undefined; s += r; }`;
}

function leafSource(type: GraphQLLeafType): string | undefined {
  if (isEnumType(type)) return undefined;
  switch (type.name) {
    case 'String':
      return "if (typeof v === 'string') s += q(v);";
    case 'ID':
      return "if (typeof v === 'string') s += q(v); else if (typeof v === 'number' && Number.isInteger(v)) s += '\"' + v + '\"';";
    case 'Int':
      return "if (typeof v === 'number' && (v | 0) === v) s += v;";
    case 'Float':
      return "if (typeof v === 'number' && Number.isFinite(v)) s += v;";
    case 'Boolean':
      return 'if (v === true || v === false) s += v;';
    default:
      return undefined;
  }
}

/** The writer of a value that is not null at its top. */
function valueWriter(type: GraphQLOutputType, field: FieldShape, introspection: WriteIntrospection): Writer {
  if (isNonNullType(type)) return valueWriter(type.ofType, field, introspection);
  if (isListType(type))
    return listWriter(valueWriter(type.ofType, field, introspection), !isNonNullType(type.ofType));
  if (isLeafType(type)) {
    const check = leafCheck(type);
    return (value) => {
      const checked = check(value);
      return checked === undefined ? undefined : JSON.stringify(checked);
    };
  }
  if (!field.selected) throw new Error(`Nothing is selected of ${field.parent.name}.${field.name}`);
  return objectWriter(field.selected, introspection);
}

function listWriter(element: Writer, nullable: boolean): Writer {
  return (value, shared) => {
    if (!Array.isArray(value)) return undefined;
    let json = '[';
    for (let index = 0; index < value.length; index++) {
      if (index > 0) json += ',';
      const item: unknown = value[index];
      if (item === null || item === undefined) {
        if (!nullable) return undefined;
        json += 'null';
        continue;
      }
      const written = element(item, shared);
      if (written === undefined) return undefined;
      json += written;
    }
    return `${json}]`;
  };
}

/** Writes a value that is at several places of the response once. */
function writeOnce(shared: SharedValues, writer: Writer, value: object): string | undefined {
  const written = shared.get(value);
  if (!written) return writer(value, shared);
  const known = written.get(writer);
  if (known !== undefined) return known;
  const json = writer(value, shared);
  if (json === undefined) return undefined;
  // Reading a character makes the engine flatten the concatenation, once instead of at every place.
  json.charCodeAt(0);
  written.set(writer, json);
  return json;
}
