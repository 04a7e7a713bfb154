import { StringDecoder } from 'node:string_decoder';

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Cuts a `text/event-stream` into events (WHATWG HTML, "server-sent events"); comments and unknown fields are ignored. */
export class SseParser {
  readonly #decoder = new StringDecoder('utf8');
  readonly #maxBytes: number;
  #rest = '';

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @throws RangeError when one event exceeds the limit. */
  push(chunk: Buffer): ServerSentEvent[] {
    this.#rest += this.#decoder.write(chunk);
    const blocks = this.#rest.split(/\r\n\r\n|\n\n|\r\r/);
    this.#rest = blocks.pop() ?? '';
    if (this.#rest.length > this.#maxBytes) throw new RangeError('A server-sent event is too large');
    return blocks.flatMap((block) => {
      const lines = block.split(/\r\n|\n|\r/).map((line) => /^([a-z]+): ?(.*)$/s.exec(line));
      const values = (name: string): string[] =>
        lines.flatMap((line) => (line?.[1] === name ? [line[2] ?? ''] : []));
      const event = values('event').at(-1) ?? 'message';
      const data = values('data');
      return event === 'message' && data.length === 0 ? [] : [{ event, data: data.join('\n') }];
    });
  }
}
