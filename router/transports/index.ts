export { headersOf, noteHeaders } from './answer-headers.ts';
export { type CallbackMessage, Callbacks, type CallbacksOptions } from './callbacks.ts';
export { type HttpTransportOptions, httpTransport, type SignRequest } from './http.ts';
export { type InMemoryHost, inMemoryTransport } from './in-memory.ts';
export { questionOf } from './request-body.ts';
export { TransportError, type TransportErrorCode } from './transport-error.ts';
