import type { ServerResponse } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Refusal } from '../receiving/refusal.error.js';
import type { Search } from '../search/read-search.js';
import { RunningWatch } from '../store/running-watch.js';
import { TraceStore } from '../store/trace-store.js';
import { LiveClient } from './live-client.js';
import { TraceListing } from './trace-listing.js';

const BATCH_MILLIS = 100;
const BATCHES_PER_CHECK = 10;
const BATCHES_PER_BEAT = 150;
/** Pages that listen at once. */
const MAX_CLIENTS = 64;

/** Where a page was when it last heard of us. */
export interface LivePosition {
  readonly session: string;
  readonly at: number;
}

/** Tells pages what changes, ten times a second at most; costs nothing while there are none. */
@Injectable()
export class LiveFeed implements OnApplicationShutdown {
  readonly #clients = new Set<LiveClient>();
  #timer: NodeJS.Timeout | undefined;
  #batches = 0;

  constructor(
    private readonly store: TraceStore,
    private readonly listing: TraceListing,
    private readonly running: RunningWatch,
  ) {}

  /** Begins to tell a page, until its connection ends. @throws Refusal if too many listen. */
  open(response: ServerResponse, search: Search, { session, at }: LivePosition): void {
    if (this.#clients.size >= MAX_CLIENTS) {
      throw new Refusal('too_many', 'Too many pages listen at once: close some.');
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.write('retry: 1000\n\n');
    const client = new LiveClient(response, search, this.store, at);
    const stop = this.store.listen(client);
    this.#clients.add(client);
    response.once('close', () => {
      stop();
      this.#clients.delete(client);
    });
    this.#catchUp(client, session, at);
    this.#timer ??= setInterval(() => this.#tick(), BATCH_MILLIS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  #catchUp(client: LiveClient, session: string, at: number): void {
    if (session !== this.store.session) return client.reset('restarted');
    const removed = this.store.removedSince(at);
    if (!removed || at > this.store.revision) return client.reset('behind');
    for (const traceId of removed) client.removed(traceId);
    const missed = [...this.store.traces].filter(({ revision }) => revision > at);
    for (const trace of missed.toSorted((one, other) => one.revision - other.revision)) {
      client.touched(trace);
    }
  }

  #tick(): void {
    if (this.#clients.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#batches += 1;
    if (this.#batches % BATCHES_PER_CHECK === 0) this.running.check();
    const { isRunning } = this.running;
    const { totals } = this.listing;
    for (const client of this.#clients) {
      client.send({ totals, isRunning });
      if (this.#batches % BATCHES_PER_BEAT === 0) client.beat();
    }
  }
}
