import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/**
 * The whole body as text, at most `most` bytes: reading stops at the first byte too many.
 * @throws Refusal 413, or 400 when the client stopped sending
 */
export function readBody(request: IncomingMessage, most: number): Promise<string> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > most) return Promise.reject(tooLarge(most));
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let rest: Buffer[] | undefined;
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > most) {
        request.removeAllListeners('data');
        request.pause();
        reject(tooLarge(most));
        return;
      }
      if (first === undefined) first = chunk;
      else if (rest === undefined) rest = [chunk];
      else rest.push(chunk);
    });
    request.on('end', () => {
      if (first === undefined) resolve('');
      else resolve((rest === undefined ? first : Buffer.concat([first, ...rest], length)).toString('utf8'));
    });
    // Every request closes; making an error is dear, so only one that did not end gets it.
    const cutOff = () => {
      if (!request.complete) reject(new Refusal(400, 'BAD_REQUEST', 'The request ended early.'));
    };
    request.on('error', cutOff);
    request.on('close', cutOff);
  });
}

// The rest of the body is never read, so the connection cannot be used again.
const tooLarge = (most: number) =>
  new Refusal(413, 'LIMIT_BODY', `The body is larger than ${most} bytes.`, { connection: 'close' });
