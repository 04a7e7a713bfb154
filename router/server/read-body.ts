import type { IncomingMessage } from 'node:http';
import { BodyError, readBody as readBytes } from '@aisle/platform/http';
import { Refusal } from './refusal.ts';

/**
 * The whole body as text, at most `most` bytes.
 * @throws Refusal 413, or 400 when the client stopped sending
 */
export async function readBody(request: IncomingMessage, most: number): Promise<string> {
  try {
    return (await readBytes(request, most)).toString('utf8');
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    // The rest of a body that is too large is never read, so the connection cannot be used again.
    throw error.problem === 'too-large'
      ? new Refusal(413, 'LIMIT_BODY', error.message, { connection: 'close' })
      : new Refusal(400, 'BAD_REQUEST', error.message);
  }
}
