import type { IncomingMessage } from 'node:http';

/** A request body that cannot be had: more bytes than are taken, or fewer than were announced. */
export class BodyError extends Error {
  readonly problem: 'too-large' | 'cut-off';
  constructor(problem: BodyError['problem'], message: string) {
    super(message);
    this.problem = problem;
  }
}

/**
 * The whole body, at most `most` bytes. Reading stops at the first byte too many and leaves the connection open, so that
 * the client still gets an answer; it cannot be used for another request.
 * @throws BodyError
 */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer> {
  const tooLarge = () => new BodyError('too-large', `The body is larger than ${most} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > most) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let rest: Buffer[] | undefined;
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > most) {
        request.removeAllListeners('data');
        request.pause();
        reject(tooLarge());
        return;
      }
      if (first === undefined) first = chunk;
      else if (rest === undefined) rest = [chunk];
      else rest.push(chunk);
    });
    request.on('end', () => {
      if (first === undefined) resolve(Buffer.alloc(0));
      else resolve(rest === undefined ? first : Buffer.concat([first, ...rest], length));
    });
    // Every request closes; making an error is dear, so only one that did not end gets it.
    const cutOff = () => {
      if (!request.complete) reject(new BodyError('cut-off', 'The request ended early.'));
    };
    request.on('error', cutOff);
    request.on('close', cutOff);
  });
}
