import { Injectable } from '@nestjs/common';
import { traceDetail } from '../detail/trace-detail.js';
import { RunningWatch } from '../store/running-watch.js';
import type { StoredTrace } from '../store/stored-trace.js';
import { TraceStore } from '../store/trace-store.js';

const MAX_KEPT = 16;
/** Characters of all of them together; what is larger is not kept. */
const MAX_KEPT_CHARS = 32 * 1024 * 1024;

/** Answers with the detail of a trace as JSON; the last answers are kept for as long as they hold. */
@Injectable()
export class KeptDetails {
  /** The one that was asked for longest ago comes first. */
  readonly #kept = new Map<string, { readonly state: string; readonly text: string }>();
  #chars = 0;

  constructor(
    private readonly store: TraceStore,
    private readonly running: RunningWatch,
  ) {}

  read(trace: StoredTrace): string {
    const state = this.tagOf(trace);
    const kept = this.#kept.get(trace.traceId);
    const text =
      kept?.state === state
        ? kept.text
        : JSON.stringify(traceDetail(trace, this.store, this.running.isRunning(trace)));
    this.#keep(trace.traceId, state, text);
    return text;
  }

  /** An entity tag of all that an answer depends on: of a trace with links, on every other trace. */
  tagOf(trace: StoredTrace): string {
    const { traceId, revision, facts } = trace;
    const isRunning = this.running.isRunning(trace) ? 1 : 0;
    const isLinked = facts.links + facts.detached + this.store.linksTo(traceId).length > 0;
    const others = isLinked ? this.store.revision : 0;
    const { session, blockedLoops } = this.store;
    return `"${[session, revision, isRunning, blockedLoops.revision, others].join('/')}"`;
  }

  #keep(traceId: string, state: string, text: string): void {
    this.#forget(traceId);
    this.#kept.set(traceId, { state, text });
    this.#chars += text.length;
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT && this.#chars <= MAX_KEPT_CHARS) break;
      this.#forget(oldest);
    }
  }

  #forget(traceId: string): void {
    this.#chars -= this.#kept.get(traceId)?.text.length ?? 0;
    this.#kept.delete(traceId);
  }
}
