/** The bytes are no HTTP/1.1 response, or the response is over a limit. */
export class ResponseError extends Error {
  readonly reason: 'invalid' | 'too-large';

  constructor(reason: 'invalid' | 'too-large', message: string) {
    super(message);
    this.name = 'ResponseError';
    this.reason = reason;
  }
}
