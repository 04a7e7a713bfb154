import type { Database, Row } from '@aisle/platform/stores';

/** A reservation this old belongs to a registration that died; milliseconds. */
const RESERVATION_MS = 60_000;

interface Entry extends Row {
  user_id: string;
  confirmed: boolean;
  reserved_at: Date;
}

/** Which account a keyed e-mail hash belongs to: one account per address on the whole platform. */
export interface Directory {
  find(hash: Buffer): Promise<string | undefined>;
  isTaken(hash: Buffer): Promise<boolean>;
  /** Takes the address for an account about to be made. @returns false when another has it. */
  reserve(hash: Buffer, userId: string, now: Date): Promise<boolean>;
  confirm(hash: Buffer, userId: string): Promise<void>;
  release(hash: Buffer, userId: string): Promise<void>;
}

/** `accountExists` asks the region, because a process may die between making the account and confirming here. */
export function openDirectory(
  global: Database,
  accountExists: (userId: string) => Promise<boolean>,
): Directory {
  const read = async (hash: Buffer) =>
    (
      await global.query<Entry>(
        'SELECT user_id, confirmed, reserved_at FROM email_directory WHERE email_hash = $1',
        [hash],
        'identity-email',
      )
    )[0];

  return {
    find: async (hash) => (await read(hash))?.user_id,
    isTaken: async (hash) => (await read(hash))?.confirmed ?? false,
    async reserve(hash, userId, now) {
      const fresh = await global.query(
        `INSERT INTO email_directory (email_hash, user_id, confirmed, reserved_at) VALUES ($1, $2, false, $3)
         ON CONFLICT DO NOTHING RETURNING user_id`,
        [hash, userId, now],
        'identity-reserve',
      );
      if (fresh.length > 0) return true;
      const holder = await read(hash);
      if (!holder || holder.confirmed || now.getTime() - holder.reserved_at.getTime() < RESERVATION_MS)
        return false;
      if (await accountExists(holder.user_id)) {
        await this.confirm(hash, holder.user_id);
        return false;
      }
      const taken = await global.query(
        `UPDATE email_directory SET user_id = $2, reserved_at = $3
         WHERE email_hash = $1 AND user_id = $4 AND NOT confirmed RETURNING user_id`,
        [hash, userId, now, holder.user_id],
      );
      return taken.length > 0;
    },
    async confirm(hash, userId) {
      const text = 'UPDATE email_directory SET confirmed = true WHERE email_hash = $1 AND user_id = $2';
      await global.query(text, [hash, userId], 'identity-confirm');
    },
    async release(hash, userId) {
      await global.query(
        'DELETE FROM email_directory WHERE email_hash = $1 AND user_id = $2 AND NOT confirmed',
        [hash, userId],
      );
    },
  };
}
