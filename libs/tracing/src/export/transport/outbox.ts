import type { EncodedScopeSpans } from './assemble-request.js';
import { assembleRequest } from './assemble-request.js';
import type { Batch } from './slice-queue.js';
import { SliceQueue } from './slice-queue.js';

/** Receivers refuse more by default; what surrounds the spans gets a share of its own. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
const ENVELOPE_BYTES = 256 * 1024;

/** An instrumentation scope as it goes out. */
export type EncodedScope = Omit<EncodedScopeSpans, 'spans'>;

/** A request with its spans' place in the order of arrival. */
export interface OutgoingRequest {
  readonly body: Uint8Array;
  readonly count: number;
  readonly bytes: number;
  readonly first: number;
}

/** All that an outbox holds, as plain data that another thread can go on with. */
export interface Unsent {
  readonly resource: Uint8Array | undefined;
  readonly schemaUrl: string | undefined;
  readonly scopes: readonly EncodedScope[];
  /** Spans that no request has taken up, as one slice. */
  readonly slice: Uint8Array<ArrayBuffer>;
  readonly count: number;
  /** Requests that were not answered yet. */
  readonly requests: readonly OutgoingRequest[];
}

/** Holds what waits for the collector: spans in order, and requests that must be sent again. */
export class Outbox {
  readonly #queue = new SliceQueue();
  readonly #scopes: EncodedScope[] = [];
  readonly #again: OutgoingRequest[] = [];
  readonly #under = new Set<OutgoingRequest>();
  readonly #maxCount: number;
  #resource: Uint8Array | undefined;
  #resourceSchemaUrl: string | undefined;
  #received = 0;

  constructor(maxCount: number) {
    this.#maxCount = maxCount;
  }

  setResource(resource: Uint8Array, schemaUrl: string | undefined): void {
    this.#resource = resource;
    this.#resourceSchemaUrl = schemaUrl;
  }

  /** Scopes come in the order of their indexes. */
  addScope(scope: EncodedScope): void {
    this.#scopes.push(scope);
  }

  add(slice: Uint8Array, count: number): void {
    this.#queue.push(slice, count);
    this.#received += count;
  }

  /** Spans that came so far. */
  get received(): number {
    return this.#received;
  }

  /** Spans that no request has taken up yet. */
  get waiting(): number {
    return this.#queue.size;
  }

  get inFlight(): number {
    return this.#under.size - this.#again.length;
  }

  get hasRetries(): boolean {
    return this.#again.length > 0;
  }

  get isEmpty(): boolean {
    return this.#under.size === 0 && this.#queue.size === 0;
  }

  /** Spans before this place in the order of arrival are all settled. */
  get settledUpTo(): number {
    let oldest = this.#received - this.#queue.size;
    for (const { first } of this.#under) oldest = Math.min(oldest, first);
    return oldest;
  }

  /** The next request: one to be repeated, else one of new spans. */
  next(): OutgoingRequest | undefined {
    const again = this.#again.shift();
    if (again !== undefined) return again;
    if (this.#queue.size === 0 || this.#resource === undefined) return undefined;
    const first = this.#received - this.#queue.size;
    const batch = this.#queue.take(this.#maxCount, MAX_REQUEST_BYTES - ENVELOPE_BYTES);
    const { count, bytes } = batch;
    const request = { body: this.#assemble(batch, this.#resource), count, bytes, first };
    this.#under.add(request);
    return request;
  }

  repeat(request: OutgoingRequest): void {
    this.#again.push(request);
  }

  /** Whether it was neither settled nor given up. */
  isUnderWay(request: OutgoingRequest): boolean {
    return this.#under.has(request);
  }

  /** Forgets a request; returns false if it was forgotten before. */
  settle(request: OutgoingRequest): boolean {
    return this.#under.delete(request);
  }

  /** Empties everything; returns how much it held. */
  abandon(): { count: number; bytes: number } {
    const rest = this.#queue.take(Infinity, Infinity);
    let { count, bytes } = rest;
    for (const request of this.#under) {
      count += request.count;
      bytes += request.bytes;
    }
    this.#under.clear();
    this.#again.length = 0;
    return { count, bytes };
  }

  /** Empties everything and returns it whole, for an outbox elsewhere. */
  surrender(): Unsent {
    const count = this.#queue.size;
    const requests = [...this.#under];
    const [resource, schemaUrl] = [this.#resource, this.#resourceSchemaUrl];
    const slice = this.#queue.release();
    this.abandon();
    return { resource, schemaUrl, scopes: this.#scopes, slice, count, requests };
  }

  /** Goes on where another outbox has left off, before anything else comes in. */
  takeOver({ resource, schemaUrl, scopes, slice, count, requests }: Unsent): void {
    if (resource !== undefined) this.setResource(resource, schemaUrl);
    for (const scope of scopes) this.addScope(scope);
    for (const { body, count: spans, bytes } of requests) {
      const request = { body, count: spans, bytes, first: this.#received };
      this.#received += spans;
      this.#under.add(request);
      this.#again.push(request);
    }
    if (count > 0) this.add(slice, count);
  }

  #assemble({ spans }: Batch, resource: Uint8Array): Uint8Array {
    const scopes = [...spans].map(([index, own]) => {
      const { scope = new Uint8Array(), schemaUrl } = this.#scopes[index] ?? {};
      return { scope, ...(schemaUrl === undefined ? {} : { schemaUrl }), spans: own };
    });
    return assembleRequest(resource, scopes, this.#resourceSchemaUrl);
  }
}
