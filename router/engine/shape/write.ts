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
import type { JsonWriter } from './json-writer.ts';
import { leafCheck } from './leaf.ts';
import type { FieldShape, ObjectShape, SelectionShape } from './shape.ts';

/** Writes a value; `false` when it is not what the schema says: then `complete` has to find out what to answer. */
export type WriteValue = (
  value: unknown,
  writer: JsonWriter,
  /** Given when the response holds values at several places. */
  shared: SharedValues | undefined,
) => boolean;

/** JSON of a `__schema` or `__type` field. */
export type WriteIntrospection = (field: FieldShape) => string;

/**
 * Compiles the writer of everything selected at one place: per runtime type one generated function that writes JSON straight from subgraph data.
 * The functions are made when the first object of their type is written.
 */
export function objectWriter(selected: SelectionShape, introspection: WriteIntrospection): WriteValue {
  const compiled = new Map<unknown, WriteValue>();
  const isStatic = isObjectType(selected.declared);
  const compileFor = (typename: unknown): WriteValue | undefined => {
    const shape = selected.forType(typename);
    const writer = shape && generate(shape, introspection);
    if (writer) compiled.set(typename, writer);
    return writer;
  };
  if (isStatic) {
    let only: WriteValue | undefined;
    return (value, writer, shared) => {
      if (!isObject(value)) return false;
      only ??= compileFor(undefined);
      return only?.(value, writer, shared) === true;
    };
  }
  return (value, writer, shared) => {
    if (!isObject(value)) return false;
    const typename = own(value, '__typename');
    return (compiled.get(typename) ?? compileFor(typename))?.(value, writer, shared) === true;
  };
}

/** Generates `(object, writer, shared) => { writer.bytes('{"id":'); … }`. Only GraphQL names and our own helpers get into the source. */
function generate(shape: ObjectShape, introspection: WriteIntrospection): WriteValue {
  const helpers: unknown[] = [];
  const helper = (value: unknown): string => `h[${helpers.push(value) - 1}]`;
  const constant = (text: string): string => `w.bytes(${helper(Buffer.from(text))});`;
  const body: string[] = [];
  let pending = '{';
  shape.fields.forEach((field, index) => {
    pending += `${index === 0 ? '' : ','}"${field.key}":`;
    if (field.source === 'typename' && isObjectType(shape.type)) {
      pending += `"${shape.type.name}"`;
      return;
    }
    body.push(constant(pending));
    pending = '';
    body.push(fieldSource(field, introspection, helper));
  });
  body.push(constant(`${pending}}`));
  return new Function(
    'h',
    'own',
    'once',
    'NULL',
    `'use strict'; return (o, w, c) => { let v;\n${body.join('\n')}\nreturn true; };`,
  )(helpers, own, writeOnce, NULL) as WriteValue;
}

const NULL = Buffer.from('null');

function fieldSource(
  field: FieldShape,
  introspection: WriteIntrospection,
  helper: (value: unknown) => string,
): string {
  if (field.source === 'introspection') return `w.json(${helper(() => introspection(field))}());`;
  // The runtime type is an interface: which object it is, nobody knows.
  if (field.source === 'typename') return 'return false;';
  const read = isInherited(field.from) ? `own(o, "${field.from}")` : `o.${field.from}`;
  const nullable = !isNonNullType(field.type);
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  const onNull = nullable ? 'w.bytes(NULL)' : 'return false';
  const fast = isLeafType(type) ? leafSource(type) : undefined;
  if (fast)
    return `v = ${read}; ${fast} else if (v === null || v === undefined) ${onNull}; else return false;`;
  const write = helper(valueWriter(type, field, introspection));
  return `v = ${read}; if (v === null || v === undefined) ${onNull}; else if (!(c === undefined ? ${write}(v, w) : once(${write}, v, w, c))) return false;`;
}

function leafSource(type: GraphQLLeafType): string | undefined {
  if (isEnumType(type)) return undefined;
  switch (type.name) {
    case 'String':
      return "if (typeof v === 'string') w.string(v);";
    case 'ID':
      return "if (typeof v === 'string') w.string(v); else if (typeof v === 'number' && Number.isSafeInteger(v)) w.string(String(v));";
    case 'Int':
      return "if (typeof v === 'number' && (v | 0) === v) w.integer(v);";
    case 'Float':
      return "if (typeof v === 'number' && Number.isFinite(v)) w.json(String(v));";
    case 'Boolean':
      return "if (v === true || v === false) w.json(v ? 'true' : 'false');";
    default:
      return undefined;
  }
}

/** The writer of a value that is not null at its top. */
function valueWriter(
  type: GraphQLOutputType,
  field: FieldShape,
  introspection: WriteIntrospection,
): WriteValue {
  if (isNonNullType(type)) return valueWriter(type.ofType, field, introspection);
  if (isListType(type))
    return listWriter(valueWriter(type.ofType, field, introspection), !isNonNullType(type.ofType));
  if (isLeafType(type)) {
    const check = leafCheck(type);
    return (value, writer) => {
      const checked = check(value);
      if (checked === undefined) return false;
      if (typeof checked === 'string') writer.string(checked);
      else writer.json(JSON.stringify(checked));
      return true;
    };
  }
  if (!field.selected) throw new Error(`Nothing is selected of ${field.parent.name}.${field.name}`);
  return objectWriter(field.selected, introspection);
}

function listWriter(element: WriteValue, nullable: boolean): WriteValue {
  return (value, writer, shared) => {
    if (!Array.isArray(value)) return false;
    writer.byte(OPEN);
    for (let index = 0; index < value.length; index++) {
      if (index > 0) writer.byte(COMMA);
      const item: unknown = value[index];
      if (item === null || item === undefined) {
        if (!nullable) return false;
        writer.bytes(NULL);
      } else if (!element(item, writer, shared)) return false;
    }
    writer.byte(CLOSE);
    return true;
  };
}

const OPEN = 0x5b;
const COMMA = 0x2c;
const CLOSE = 0x5d;

/** Writes a value that is at several places of the response once, and copies it to the others. */
function writeOnce(write: WriteValue, value: object, writer: JsonWriter, shared: SharedValues): boolean {
  const written = shared.get(value);
  if (!written) return write(value, writer, shared);
  const known = written.get(write);
  if (known) {
    writer.again(known);
    return true;
  }
  const start = writer.at;
  if (!write(value, writer, shared)) return false;
  written.set(write, [start, writer.at]);
  return true;
}
