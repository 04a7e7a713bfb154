import type { SessionResolvers } from '../generated/schema.ts';

export const Session: SessionResolvers = {
  current: ({ id }, _args, { caller }) => caller.sessionId === id,
};
