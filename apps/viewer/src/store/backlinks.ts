import type { ReceivedSpan } from '../telemetry.interface.js';
import type { StoredTrace } from './stored-trace.js';

/** Links that are remembered for each trace that they lead to; more is nothing for the eye. */
const MAX_LINKS_TO = 200;

/** A span that links to another trace. */
export interface Backlink {
  /** The span that is linked to. */
  readonly targetSpanId: string;
  readonly traceId: string;
  readonly spanId: string;
}

/** Who links to a trace, whether it has come or not. It holds ids of traces that are in the store only. */
export class Backlinks {
  /** By the trace that is linked to, then by the trace that links. */
  readonly #targets = new Map<string, Map<string, Map<string, Backlink>>>();
  /** The traces that a trace links to. */
  readonly #sources = new Map<string, Set<string>>();

  add({ traceId }: StoredTrace, span: ReceivedSpan): void {
    for (const link of span.links) {
      if (link.traceId === traceId) continue;
      const sources = this.#targets.get(link.traceId) ?? new Map<string, Map<string, Backlink>>();
      const links = sources.get(traceId) ?? new Map<string, Backlink>();
      if (links.size >= MAX_LINKS_TO || (!links.size && sources.size >= MAX_LINKS_TO)) continue;
      const key = `${span.spanId} ${link.spanId}`;
      links.set(key, { targetSpanId: link.spanId, traceId, spanId: span.spanId });
      this.#targets.set(link.traceId, sources.set(traceId, links));
      const targets = this.#sources.get(traceId) ?? new Set<string>();
      this.#sources.set(traceId, targets.add(link.traceId));
    }
  }

  remove({ traceId }: StoredTrace): void {
    for (const target of this.#sources.get(traceId) ?? []) {
      const sources = this.#targets.get(target);
      sources?.delete(traceId);
      if (sources?.size === 0) this.#targets.delete(target);
    }
    this.#sources.delete(traceId);
  }

  /** The links that lead to a trace. */
  to(traceId: string): readonly Backlink[] {
    const sources = this.#targets.get(traceId);
    if (!sources) return [];
    const links = [...sources.values()].flatMap((each) => [...each.values()]);
    return links.slice(0, MAX_LINKS_TO);
  }
}
