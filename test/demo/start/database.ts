import { startPglite } from '../../support/pglite.js';

/** The PostgreSQL that the lookup service asks. */
export interface Database {
  readonly url: string;
  /** Rejects if it ends by itself; never resolves. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** The server at `DATABASE_URL`, which is not ours to stop, else an embedded one, started now. */
export async function openDatabase(): Promise<Database> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, failed: new Promise(() => {}), stop: async () => {} };
  try {
    return await startPglite();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${why} Set DATABASE_URL to use a server of yours.`, { cause });
  }
}
