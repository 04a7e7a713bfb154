export { followedEvents } from './events.ts';
export { markAnswer, tracedOperations } from './operations.ts';
export { tracedRequests, tracedSocketOperations } from './requests.ts';
export { type Guard, tracedTransport } from './transport.ts';
