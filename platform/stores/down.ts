/** What PostgreSQL (or its driver) says when it is down, going down, coming up, full, or cannot be reached. */
const CODES = /^(08\w{3}|57P0[123]|53300|57014|ECONN\w+|EPIPE|ETIMEDOUT|ENOTFOUND)$/;
const MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not currently accepting connections/i;

/** Whether a store could not be asked, as opposed to having refused: the caller may try again later. */
export function isStoreDown(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return CODES.test(String((error as { code?: unknown }).code ?? '')) || MESSAGES.test(error.message);
}
