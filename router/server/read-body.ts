import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { BodyError, readBody as readBytes } from '@aisle/platform/http';
import { Refusal } from './refusal.ts';

/**
 * The whole body as text, at most `most` bytes.
 * @throws Refusal 413, or 400 when it is not UTF-8 or the client stopped sending
 */
export async function readBody(request: IncomingMessage, most: number): Promise<string> {
  try {
    const bytes = await readBytes(request, most);
    // Decoding would put other characters in the place of what is none, and so change what was said.
    if (!isUtf8(bytes)) throw new Refusal(400, 'BAD_REQUEST', 'The body is not UTF-8.');
    return bytes.toString('utf8');
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    // The rest of a body that is too large is never read, so the connection cannot be used again.
    throw error.problem === 'too-large'
      ? new Refusal(413, 'LIMIT_BODY', error.message, { connection: 'close' })
      : new Refusal(400, 'BAD_REQUEST', error.message);
  }
}
