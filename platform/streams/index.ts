export type { Followed, Follower } from './follower.ts';
export { createStreamHub, type FollowOptions, type StreamHub, type StreamHubOptions } from './hub.ts';
export { compareIds, type Positions, readCursor, START, writeCursor } from './ids.ts';
export { mapFollowed } from './map.ts';
export { lastIds, type StreamEntry, timeOf } from './streams.ts';
