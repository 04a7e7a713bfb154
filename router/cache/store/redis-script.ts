import { createHash } from 'node:crypto';

/** What scripts need of a Redis client. */
export interface ScriptClient {
  eval(source: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  evalSha(sha: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A Lua script, sent by its digest; by its text where Redis does not know it yet. */
export function script(source: string) {
  const sha = createHash('sha1').update(source).digest('hex');
  return async (redis: ScriptClient, keys: string[], args: string[]): Promise<unknown> => {
    try {
      return await redis.evalSha(sha, { keys, arguments: args });
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return redis.eval(source, { keys, arguments: args });
    }
  };
}
