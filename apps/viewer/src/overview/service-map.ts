import { Injectable } from '@nestjs/common';
import { rounded } from '../detail/span-columns.js';
import { TraceFinder } from '../search/trace-finder.js';
import type { StoredTrace } from '../store/stored-trace.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import type { MapNodeKind, ServiceMap } from '../wire/overview.interface.js';
import { peerOf } from './peer.js';
import { quantile } from './quantile.js';

/** What a map has room for; the rest of the nodes is one. */
const MAX_NODES = 200;
const REST = 'others';

interface Node {
  readonly name: string;
  readonly kind: MapNodeKind;
  calls: number;
  errors: number;
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly durations: number[];
  errors: number;
}

/** Draws who calls whom from the spans that stand at the borders of services. */
@Injectable()
export class ServiceMapping {
  constructor(private readonly finder: TraceFinder) {}

  /** @throws SearchError */
  async map(query: string): Promise<ServiceMap> {
    const map = new GrowingMap();
    await this.finder.each((trace) => map.add(trace), await this.finder.find(query));
    return map.read();
  }
}

class GrowingMap {
  readonly #nodes = new Map<string, number>();
  readonly #facts: Node[] = [];
  readonly #edges = new Map<string, Edge>();
  #first = 0n;
  #last = 0n;

  add({ spans, facts }: StoredTrace): void {
    if (!facts.first) return;
    if (this.#first === 0n || facts.startNanos < this.#first) this.#first = facts.startNanos;
    if (facts.endNanos > this.#last) this.#last = facts.endNanos;
    const byId = new Map<string, ReceivedSpan>();
    /** Spans of which both ends are known. */
    const joined = new Set<string>();
    for (const span of spans) byId.set(span.spanId, span);
    for (const span of spans) {
      const caller = byId.get(span.parentSpanId ?? '') ?? this.#linked(span, byId);
      const end = this.#addSpan(span, caller);
      if (end) joined.add(end.spanId);
    }
    for (const span of spans) if (!joined.has(span.spanId)) this.#addPeer(span);
  }

  read(): ServiceMap {
    return {
      seconds: Math.max(1, Number(this.#last - this.#first) / 1e9),
      nodes: this.#facts.map((node) => ({ ...node })),
      edges: [...this.#edges.values()].map(({ from, to, durations, errors }) => {
        const sorted = Float64Array.from(durations).sort();
        const [p50, p95] = [quantile(sorted, 0.5), quantile(sorted, 0.95)];
        return { from, to, calls: sorted.length, errors, p50: rounded(p50), p95: rounded(p95) };
      }),
    };
  }

  /** A consumer may hang on its producer by a link alone, within one trace. */
  #linked({ links, kind }: ReceivedSpan, byId: ReadonlyMap<string, ReceivedSpan>) {
    return kind === 'CONSUMER' ? byId.get(links[0]?.spanId ?? '') : undefined;
  }

  /**
   * What answers a call of another service hangs on it, what takes a message on the queue of its producer.
   *
   * @returns the span whose peer is known by that: the call, or the one that takes the message.
   */
  #addSpan(span: ReceivedSpan, caller: ReceivedSpan | undefined): ReceivedSpan | undefined {
    const own = this.#node(span.service, 'service');
    const isEntry = span.kind === 'SERVER' || span.kind === 'CONSUMER' || !caller;
    if (isEntry) this.#count(own, span);
    const queue =
      span.kind === 'CONSUMER' && caller?.kind === 'PRODUCER' ? peerOf(caller) : undefined;
    if (queue) {
      this.#connect(this.#node(queue.name, queue.kind), own, span);
      return span;
    }
    if (!caller || caller.service === span.service) return undefined;
    this.#connect(this.#node(caller.service, 'service'), own, span);
    return caller;
  }

  /** A call that nobody here has answered leads to a database, a queue or a stranger. */
  #addPeer(span: ReceivedSpan): void {
    const peer = peerOf(span);
    if (!peer) return;
    const to = this.#node(peer.name, peer.kind);
    this.#count(to, span);
    const own = this.#node(span.service, 'service');
    if (span.kind === 'CONSUMER') this.#connect(to, own, span);
    else this.#connect(own, to, span);
  }

  #node(name: string, kind: MapNodeKind): number {
    const key = `${kind} ${name}`;
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    if (this.#facts.length >= MAX_NODES) return this.#rest();
    this.#nodes.set(key, this.#facts.length);
    return this.#facts.push({ name, kind, calls: 0, errors: 0 }) - 1;
  }

  #rest(): number {
    const at = this.#nodes.get(REST) ?? this.#facts.length;
    if (at === this.#facts.length) {
      this.#facts.push({ name: REST, kind: 'external', calls: 0, errors: 0 });
      this.#nodes.set(REST, at);
    }
    return at;
  }

  #count(node: number, { status }: ReceivedSpan): void {
    this.#facts[node]!.calls += 1;
    if (status === 'ERROR') this.#facts[node]!.errors += 1;
  }

  #connect(from: number, to: number, span: ReceivedSpan): void {
    const key = `${from} ${to}`;
    const edge = this.#edges.get(key) ?? { from, to, durations: [], errors: 0 };
    this.#edges.set(key, edge);
    edge.durations.push(Math.max(0, Number(span.endNanos - span.startNanos) / 1e3));
    if (span.status === 'ERROR') edge.errors += 1;
  }
}
