import type { IRedisClient, Queue, Worker } from 'bullmq';
import type { OffloadAttempt } from '../offload/backend.interface.js';

/** A job may wait this long between its attempts, in milliseconds, and its caller for its end. */
const KEPT_MILLIS = 24 * 60 * 60 * 1000;

/**
 * Tells what is known of one attempt at a job. Written when it starts, so that it is known of even if its
 * host is killed, and again when it has failed.
 */
export interface AttemptRecord {
  /** Milliseconds since the epoch, with a fraction. */
  readonly startedAt: number;
  /** The host that made it. */
  readonly client: string;
  /** Its span. Absent if none is recorded. */
  readonly span?: AttemptSpan | undefined;
  /** The side that exports its spans: the host, or the caller that they are brought to. */
  readonly exportedBy: 'host' | 'caller';
  /** How it ended. Absent while it runs, and for ever if its host was killed. */
  readonly ended?: AttemptEnd;
}

/** Says where the span of an attempt belongs. */
export interface AttemptSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly parentSpanId: string;
  /** The span that it links to instead. */
  readonly link?: readonly [traceId: string, spanId: string, traceFlags: number] | undefined;
}

/** Says how an attempt failed. */
export interface AttemptEnd extends OffloadAttempt {
  readonly queueWaitMillis: number;
  readonly thread: number;
}

/** The attempts at the jobs of a queue, and which of the jobs are called off, in Redis. */
export class AttemptRecords {
  readonly #client: Promise<IRedisClient>;
  readonly #toKey: (type: string) => string;

  constructor({ client, toKey }: { client: Promise<IRedisClient>; toKey: Queue['toKey'] }) {
    this.#client = client;
    this.#toKey = toKey;
  }

  /** Of a queue or worker, over its own connection: what is written first is there first. */
  static of(of: Queue | Worker): AttemptRecords {
    return new AttemptRecords({ client: of.getBackend().client, toKey: of.toKey });
  }

  /** Writes what is known of an attempt, counted from 1. */
  async write(jobId: string, attempt: number, record: AttemptRecord): Promise<void> {
    const client = await this.#client;
    await client.set(this.#key(jobId, attempt), JSON.stringify(record), { PX: KEPT_MILLIS });
  }

  /** The first so many attempts; undefined for those that nobody wrote of. */
  async read(jobId: string, attempts: number): Promise<(AttemptRecord | undefined)[]> {
    const client = await this.#client;
    const keys = Array.from({ length: attempts }, (_, index) => this.#key(jobId, index + 1));
    const found = await Promise.all(keys.map((key) => client.get(key)));
    return found.map((text) => (text === null ? undefined : (JSON.parse(text) as AttemptRecord)));
  }

  /** Every attempt that somebody wrote of, up to the first that nobody did. */
  async readAll(jobId: string): Promise<AttemptRecord[]> {
    const client = await this.#client;
    const found: AttemptRecord[] = [];
    for (;;) {
      const text = await client.get(this.#key(jobId, found.length + 1));
      if (text === null) return found;
      found.push(JSON.parse(text) as AttemptRecord);
    }
  }

  /** Forgets a job that is over. */
  async forget(jobId: string, attempts: number): Promise<void> {
    const client = await this.#client;
    const keys = Array.from({ length: attempts }, (_, index) => this.#key(jobId, index + 1));
    await client.del(...keys, this.#cancelKey(jobId));
  }

  /** Marks a job as called off, for a host that is just about to start it. */
  async cancel(jobId: string): Promise<void> {
    const client = await this.#client;
    await client.set(this.#cancelKey(jobId), '1', { PX: KEPT_MILLIS });
  }

  async isCancelled(jobId: string): Promise<boolean> {
    const client = await this.#client;
    return (await client.get(this.#cancelKey(jobId))) !== null;
  }

  #key(jobId: string, attempt: number): string {
    return this.#toKey(`${jobId}:attempt:${attempt}`);
  }

  #cancelKey(jobId: string): string {
    return this.#toKey(`${jobId}:cancelled`);
  }
}
