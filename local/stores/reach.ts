/** Passes when an HTTP server answers at `url`, whatever it says: servers differ in what they tell a stranger. */
export async function reach(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  await response.body?.cancel();
}

/** Why `reach` failed, for people: what `fetch` failed for lies beneath its own "fetch failed". */
export function reachFailure({ message, cause }: Error): string {
  return cause instanceof Error && cause.message ? cause.message : message;
}
