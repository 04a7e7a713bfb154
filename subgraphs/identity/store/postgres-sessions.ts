import { regionOf } from '@aisle/platform/ids';
import type { Databases, Row, Sql } from '@aisle/platform/stores';
import type { NewSession, Sessions } from './index.ts';

interface SessionRow extends Row {
  id: string;
  subject: string;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
  ended_at: Date | null;
}

interface TokenRow extends SessionRow {
  used_at: Date | null;
}

/** The session and its first refresh token in one statement. */
export async function insertSession(sql: Sql, session: NewSession): Promise<void> {
  await sql.query(
    `WITH session AS (
       INSERT INTO sessions (id, subject, created_at, last_used_at, expires_at) VALUES ($1, $2, $3, $3, $4)
     )
     INSERT INTO refresh_tokens (hash, session_id, issued_at) VALUES ($5, $1, $3)`,
    [session.id, session.subject, session.createdAt, session.expiresAt, session.tokenHash],
    'identity-session',
  );
}

export function postgresSessions(databases: Databases): Sessions {
  const homeOf = (subject: string) => {
    const region = regionOf(subject);
    return region && databases.of(region);
  };
  return {
    start: (region, session) => insertSession(databases.of(region), session),
    async token(region, hash) {
      const [row] = await databases.of(region).query<TokenRow>(
        `SELECT s.id, s.subject, s.created_at, s.expires_at, s.ended_at, t.used_at
         FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id WHERE t.hash = $1`,
        [hash],
        'identity-token',
      );
      return (
        row && {
          sessionId: row.id,
          subject: row.subject,
          usedAt: row.used_at,
          sessionCreatedAt: row.created_at,
          sessionExpiresAt: row.expires_at,
          sessionEndedAt: row.ended_at,
        }
      );
    },
    async rotate(region, { sessionId, hash, next, now, expiresAt }) {
      // The row lock decides between two uses at once: the second finds used_at set and changes nothing.
      const rows = await databases.of(region).query(
        `WITH used AS (
           UPDATE refresh_tokens SET used_at = $4 WHERE hash = $2 AND used_at IS NULL RETURNING session_id
         ), live AS (
           UPDATE sessions SET last_used_at = $4, expires_at = $5
           WHERE id = (SELECT session_id FROM used) AND id = $1 AND ended_at IS NULL RETURNING id
         )
         INSERT INTO refresh_tokens (hash, session_id, issued_at) SELECT $3, id, $4 FROM live RETURNING session_id`,
        [sessionId, hash, next, now, expiresAt],
        'identity-rotate',
      );
      return rows.length > 0;
    },
    async list(subject, now) {
      const rows = await homeOf(subject)?.query<SessionRow>(
        `SELECT id, subject, created_at, last_used_at, expires_at FROM sessions
         WHERE subject = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY last_used_at DESC, id DESC LIMIT 100`,
        [subject, now],
      );
      return (rows ?? []).map((row) => ({
        id: row.id,
        subject: row.subject,
        createdAt: row.created_at,
        lastUsedAt: row.last_used_at,
        expiresAt: row.expires_at,
      }));
    },
    async end(subject, why, now, sessionId) {
      const rows = await homeOf(subject)?.query<{ id: string }>(
        `UPDATE sessions SET ended_at = $2, ended_because = $3
         WHERE subject = $1 AND ended_at IS NULL AND ($4::text IS NULL OR id = $4) RETURNING id`,
        [subject, now, why, sessionId ?? null],
      );
      return (rows ?? []).map((row) => row.id);
    },
    async sweep(before, limit) {
      const text = `DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE expires_at < $1 OR ended_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING id`;
      let swept = 0;
      for (const database of databases.all) {
        if (database.region !== 'global') swept += (await database.query(text, [before, limit])).length;
      }
      return swept;
    },
  };
}
