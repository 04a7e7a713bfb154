import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { createRegisteredOperations, type RegisteredOperations } from './registered-operations.ts';

/** Apollo's manifest of persisted queries, which `npm run operations` and common client tools write. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
});

/** @throws one sentence when the file is no manifest */
export async function readRegistered(file: string, maxTokens: number): Promise<RegisteredOperations> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new Error(`The registered operations ${file} cannot be read: ${cause.message}.`, { cause });
  });
  try {
    const { operations } = manifest.parse(JSON.parse(text));
    return createRegisteredOperations(new Map(operations.map(({ id, body }) => [id, body])), maxTokens);
  } catch (cause) {
    throw new Error(`The registered operations ${file} are no persisted query manifest of version 1.`, {
      cause,
    });
  }
}
