import { ResponseError } from './response-error.ts';

/** Of a line with a chunk's size, its extensions included, and of a trailer. */
const MOST_LINE_BYTES = 4096;
const MOST_TRAILERS = 64;
const SIZE = /^([0-9a-f]{1,8})[ \t]*(?:;|$)/i;
const LF = 0x0a;

/** Finds the parts of a body in the chunked transfer coding (RFC 9112, section 7.1), wherever the reads cut it. */
export class ChunkedBody {
  #state: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  #left = 0;
  #line = '';
  #trailers = 0;

  /**
   * @param part is called with the bounds of each part of the body in `bytes`
   * @returns where the body has ended, or nothing when more has to come
   * @throws ResponseError
   */
  read(bytes: Buffer, start: number, part: (from: number, to: number) => void): number | undefined {
    for (let at = start; at < bytes.length; ) {
      if (this.#state === 'data') {
        const end = Math.min(bytes.length, at + this.#left);
        part(at, end);
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = 'data-end';
        continue;
      }
      const lineEnd = bytes.indexOf(LF, at);
      this.#line += bytes.toString('latin1', at, lineEnd < 0 ? bytes.length : lineEnd);
      if (this.#line.length > MOST_LINE_BYTES) throw broken();
      if (lineEnd < 0) return undefined;
      at = lineEnd + 1;
      if (!this.#line.endsWith('\r')) throw broken();
      const line = this.#line.slice(0, -1);
      this.#line = '';
      if (this.#takeLine(line)) return at;
    }
    return undefined;
  }

  /** @returns whether that was the last one */
  #takeLine(line: string): boolean {
    switch (this.#state) {
      case 'size': {
        const size = SIZE.exec(line)?.[1];
        if (size === undefined) throw broken();
        this.#left = Number.parseInt(size, 16);
        this.#state = this.#left === 0 ? 'trailer' : 'data';
        return false;
      }
      case 'data-end':
        if (line !== '') throw broken();
        this.#state = 'size';
        return false;
      default:
        if (line !== '' && ++this.#trailers > MOST_TRAILERS) throw broken();
        return line === '';
    }
  }
}

const broken = () => new ResponseError('invalid', 'The response is not chunked as it says.');
