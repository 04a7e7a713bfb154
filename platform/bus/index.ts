export { type DeadLetter, listDeadLetters, redriveDeadLetters } from './dead-letters.ts';
export { type AisleEvent, createEvent, type NewEvent } from './event.ts';
export { createMemoryBus, type MemoryBus } from './memory.ts';
export { type Bus, type ConsumeOptions, type EventHandler, type Topology, topologyOf } from './port.ts';
export { openSnsSqsBus } from './sns-sqs.ts';
export { tracedBus } from './traced-bus.ts';
