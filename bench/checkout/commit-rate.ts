import pg from 'pg';

/**
 * Durable commits a second that this machine's PostgreSQL makes, one small row each, nothing else running:
 * the ceiling for anything that promises not to lose an order.
 * @param url a database the role may create a table in
 */
export async function commitRate(url: string, connections: number, milliseconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  pool.on('error', () => {});
  try {
    await pool.query(
      'CREATE TABLE IF NOT EXISTS bench_commits (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT now())',
    );
    const until = performance.now() + milliseconds;
    let commits = 0;
    const worker = async () => {
      while (performance.now() < until) {
        await pool.query({
          name: 'bench_commit',
          text: 'INSERT INTO bench_commits DEFAULT VALUES',
          values: [],
        });
        commits++;
      }
    };
    await Promise.all(Array.from({ length: connections }, worker));
    return (commits * 1_000) / milliseconds;
  } finally {
    await pool.query('DROP TABLE IF EXISTS bench_commits').catch(() => {});
    await pool.end();
  }
}
