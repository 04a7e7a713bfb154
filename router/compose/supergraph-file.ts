import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CompositionFailure } from './composition-failure.ts';

const supergraphFile = z.strictObject({
  federation_version: z.union([z.string(), z.number()]).optional(),
  subgraphs: z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z][A-Za-z0-9_-]*$/,
          'a subgraph name starts with a letter and has letters, digits, - and _ only',
        ),
      z.strictObject({ routing_url: z.url(), schema: z.strictObject({ file: z.string().min(1) }) }),
    )
    .refine((subgraphs) => Object.keys(subgraphs).length > 0, 'at least one subgraph is needed'),
});

export interface SubgraphSource {
  readonly name: string;
  readonly url: string;
  /** Absolute path of the schema. */
  readonly file: string;
  readonly sdl: string;
}

/**
 * Reads a `supergraph.yaml` (the format of `rover supergraph compose`) and the schemas it names, relative to it.
 * @throws CompositionFailure naming every problem of the file.
 */
export async function readSupergraphFile(path: string): Promise<SubgraphSource[]> {
  const missing: { message: string; file: string }[] = [];
  const sources = await Promise.all(
    (await readNames(path)).map(async ({ name, url, file }) => {
      const sdl = await readFile(file, 'utf8').catch((error: Error) => {
        missing.push({ message: `schema of subgraph "${name}" cannot be read: ${error.message}`, file });
        return '';
      });
      return { name, url, file, sdl };
    }),
  );
  if (missing.length > 0) throw failure(missing);
  return sources;
}

/** The schema files a supergraph is composed of; none of composed SDL, nor of what is no `supergraph.yaml`. */
export async function schemaFilesOf(path: string): Promise<string[]> {
  if (!isSupergraphFile(path)) return [];
  const names = await readNames(path).catch(() => []);
  return names.map(({ file }) => file);
}

/** Is it a list of subgraphs to compose, not the composed supergraph? */
export const isSupergraphFile = (path: string): boolean => /\.ya?ml$/.test(path);

async function readNames(path: string): Promise<Omit<SubgraphSource, 'sdl'>[]> {
  const file = resolve(path);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw failure([{ message: `cannot be read: ${error.message}`, file }]);
  });
  const parsed = supergraphFile.safeParse(parseYaml(text, file));
  if (!parsed.success)
    throw failure(
      parsed.error.issues.map((issue) => ({
        message: `${issue.path.join('.') || 'the file'}: ${issue.message}`,
        file,
      })),
    );
  return Object.entries(parsed.data.subgraphs).map(([name, { routing_url, schema }]) => ({
    name,
    url: routing_url,
    file: isAbsolute(schema.file) ? schema.file : resolve(dirname(file), schema.file),
  }));
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw failure([{ message: `is not YAML: ${(error as Error).message}`, file }]);
  }
}

function failure(problems: readonly { message: string; file: string }[]): CompositionFailure {
  return new CompositionFailure(
    problems.map(({ message, file }) => ({ code: 'SUPERGRAPH_FILE', message, locations: [file] })),
  );
}
