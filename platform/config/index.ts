import { z } from 'zod';

export type Env = Readonly<Record<string, string | undefined>>;

export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(owner: string, problems: readonly string[]) {
    super(`${owner} cannot start: ${problems.join('; ')}.`);
    this.problems = problems;
  }
}

/** Parses the environment once and reports every problem together. @throws ConfigError */
export function readConfig<T extends z.ZodType>(owner: string, schema: T, env: Env): z.output<T> {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    owner,
    parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`),
  );
}

export { z };
