/** Bytes of a response kept for the next one; a larger buffer is let go. */
const MOST_KEPT = 4 * 1024 * 1024;
const FIRST_SIZE = 64 * 1024;
/** From here on a string is better left to `JSON.stringify` than looked at character by character. */
const LONG = 200;

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;

/** 1 for the ASCII characters that stand for themselves in a JSON string. */
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 0x20 && code !== QUOTE && code !== 0x5c ? 1 : 0,
);

/** What was written, from the first byte to before the last. */
export type Span = readonly [start: number, end: number];

/**
 * Writes JSON as UTF-8 into one buffer that the next response uses again, so that a response of many small parts leaves nothing to collect but its text.
 * Not to be used by two responses at once: one is written synchronously, from `clear` to `text`.
 */
export class JsonWriter {
  #bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #at = 0;
  #isAscii = true;

  get at(): number {
    return this.#at;
  }

  clear(): void {
    this.#at = 0;
    this.#isAscii = true;
  }

  /** What was written. */
  text(): string {
    const text = this.#bytes.toString(this.#isAscii ? 'latin1' : 'utf8', 0, this.#at);
    if (this.#bytes.length > MOST_KEPT) this.#bytes = Buffer.allocUnsafeSlow(FIRST_SIZE);
    return text;
  }

  /** ASCII, prepared. */
  bytes(part: Uint8Array): void {
    const { length } = part;
    const bytes = this.#room(length);
    let at = this.#at;
    for (let index = 0; index < length; index++) bytes[at++] = part[index] as number;
    this.#at = at;
  }

  /** One ASCII character. */
  byte(code: number): void {
    this.#room(1)[this.#at++] = code;
  }

  /** JSON, as it is. */
  json(json: string): void {
    const bytes = this.#room(json.length * 3);
    const written = bytes.write(json, this.#at, 'utf8');
    this.#at += written;
    if (written !== json.length) this.#isAscii = false;
  }

  string(value: string): void {
    const { length } = value;
    if (length > LONG) {
      this.json(JSON.stringify(value));
      return;
    }
    const bytes = this.#room(length * 3 + 2);
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code < 0x80) {
        if (PLAIN[code] === 0) {
          this.json(JSON.stringify(value));
          return;
        }
        bytes[at++] = code;
      } else if (code < 0xd800) {
        this.#isAscii = false;
        if (code < 0x800) bytes[at++] = 0xc0 | (code >> 6);
        else {
          bytes[at++] = 0xe0 | (code >> 12);
          bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
        }
        bytes[at++] = 0x80 | (code & 0x3f);
      } else {
        // Surrogates, which JSON.stringify makes well-formed, and the few characters after them.
        this.json(JSON.stringify(value));
        return;
      }
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  /** An integer of 32 bits. */
  integer(value: number): void {
    const bytes = this.#room(11);
    let rest = value;
    if (rest < 0) {
      bytes[this.#at++] = MINUS;
      rest = -rest;
    }
    let digits = 1;
    for (let power = 10; rest >= power; power *= 10) digits++;
    const end = this.#at + digits;
    for (let at = end - 1; at >= this.#at; at--) {
      const next = Math.floor(rest / 10);
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.#at = end;
  }

  /** What this response has already, once more. */
  again([start, end]: Span): void {
    this.#room(end - start).copyWithin(this.#at, start, end);
    this.#at += end - start;
  }

  #room(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(2 * (this.#at + length));
      this.#bytes.copy(larger, 0, 0, this.#at);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}
