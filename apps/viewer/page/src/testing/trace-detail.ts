import type { BlockedBand } from '../../../src/wire/blocked-band.interface.js';
import type { Problem } from '../../../src/wire/problem.interface.js';
import { OUTCOMES, SPAN_FLAG } from '../../../src/wire/span-codes.js';
import type {
  EventColumns,
  LinkColumns,
  LogColumns,
  PathColumns,
} from '../../../src/wire/trace-columns.interface.js';
import type { TraceDetail } from '../../../src/wire/trace-detail.interface.js';

/** A span as a test writes it; times in microseconds, children below it. */
export interface SpanSketch {
  readonly name: string;
  readonly at?: number;
  readonly takes?: number;
  readonly service?: string;
  readonly kind?: number;
  readonly statement?: string;
  readonly outcome?: (typeof OUTCOMES)[number];
  readonly isFailed?: boolean;
  /** How many calls it stands for, if not for one. */
  readonly calls?: number;
  readonly logs?: readonly { readonly at: number; readonly message: string }[];
  readonly events?: readonly {
    readonly at: number;
    readonly name: string;
    readonly text: string;
  }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly name: string;
    readonly at: number;
  }[];
  readonly children?: readonly SpanSketch[];
}

/** What an answer of the server would be for some trees, without problems and critical path. */
export function traceDetail(
  roots: readonly SpanSketch[],
  rest: Partial<TraceDetail> = {},
): TraceDetail {
  const columns = new Columns();
  const open = roots.map((sketch) => ({ sketch, parent: -1 })).reverse();
  let duration = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { sketch, parent } = next;
    const span = columns.add(sketch, parent);
    duration = Math.max(duration, (sketch.at ?? 0) + (sketch.takes ?? 0));
    for (const child of (sketch.children ?? []).toReversed()) {
      open.push({ sketch: child, parent: span });
    }
  }
  return { ...columns.detail(duration), ...rest };
}

class Columns {
  readonly #strings: string[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #services: string[] = [];
  readonly #ids: string[] = [];
  readonly #spans = {
    parent: [] as number[],
    start: [] as number[],
    duration: [] as number[],
    self: [] as number[],
    name: [] as number[],
    service: [] as number[],
    kind: [] as number[],
    status: [] as number[],
    outcome: [] as number[],
    flags: [] as number[],
    statement: [] as number[],
  };
  readonly #logs = { span: [] as number[], time: [] as number[], message: [] as number[] };
  readonly #events = {
    span: [] as number[],
    time: [] as number[],
    name: [] as number[],
    text: [] as number[],
  };
  readonly #calls = { span: [] as number[], count: [] as number[], total: [] as number[] };
  readonly #links = {
    span: [] as number[],
    traceId: [] as string[],
    name: [] as number[],
    start: [] as number[],
  };

  add(sketch: SpanSketch, parent: number): number {
    const span = this.#ids.length;
    this.#ids.push((span + 1).toString(16).padStart(16, '0'));
    this.#spans.parent.push(parent);
    this.#spans.start.push(sketch.at ?? 0);
    this.#spans.duration.push(sketch.takes ?? 0);
    this.#spans.self.push(selfOf(sketch));
    this.#spans.name.push(this.#text(sketch.name));
    this.#spans.service.push(this.#service(sketch.service ?? 'shop'));
    this.#spans.kind.push(sketch.kind ?? 1);
    this.#spans.status.push(sketch.isFailed ? 2 : 0);
    this.#spans.outcome.push(OUTCOMES.indexOf(sketch.outcome ?? ''));
    this.#spans.flags.push(sketch.isFailed ? SPAN_FLAG.error : 0);
    this.#spans.statement.push(sketch.statement === undefined ? -1 : this.#text(sketch.statement));
    this.#addExtras(sketch, span);
    if (sketch.calls !== undefined) {
      this.#calls.span.push(span);
      this.#calls.count.push(sketch.calls);
      this.#calls.total.push(sketch.takes ?? 0);
    }
    return span;
  }

  detail(duration: number): TraceDetail {
    return {
      traceId: 'a'.repeat(32),
      revision: 1,
      start: 0,
      duration,
      isRunning: false,
      isPinned: false,
      name: this.#strings[this.#spans.name[0]!] ?? '',
      route: '',
      dropped: { spans: 0, logs: 0 },
      strings: this.#strings,
      services: this.#services.map((name) => ({ name, spans: 0, skew: 0 })),
      spans: { ids: this.#ids.join(''), ...this.#spans },
      calls: this.#calls,
      ...this.#extras(),
      path: { span: [], start: [], end: [], what: [] } satisfies PathColumns,
      blocked: [] satisfies BlockedBand[],
      problems: [] satisfies Problem[],
    };
  }

  #addExtras(sketch: SpanSketch, span: number): void {
    for (const { at, message } of sketch.logs ?? []) {
      this.#logs.span.push(span);
      this.#logs.time.push(at);
      this.#logs.message.push(this.#text(message));
    }
    for (const { at, name, text } of sketch.events ?? []) {
      this.#events.span.push(span);
      this.#events.time.push(at);
      this.#events.name.push(this.#text(name));
      this.#events.text.push(this.#text(text));
    }
    for (const { traceId, name, at } of sketch.links ?? []) {
      this.#links.span.push(span);
      this.#links.traceId.push(traceId);
      this.#links.name.push(this.#text(name));
      this.#links.start.push(at);
    }
  }

  #extras(): { logs: LogColumns; events: EventColumns; links: LinkColumns } {
    const kind = this.#events.span.map(() => 'event' as const);
    const links = this.#links;
    return {
      logs: { ...this.#logs, severity: this.#logs.span.map(() => this.#text('INFO')) },
      events: { ...this.#events, kind },
      links: {
        ...links,
        kind: links.span.map(() => 'started' as const),
        spanId: links.span.map(() => 'b'.repeat(16)),
        isKnown: links.span.map(() => true),
        duration: links.span.map(() => 10),
      },
    };
  }

  #text(text: string): number {
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.#strings.length);
    return this.#strings.push(text) - 1;
  }

  #service(name: string): number {
    const known = this.#services.indexOf(name);
    return known >= 0 ? known : this.#services.push(name) - 1;
  }
}

/** Duration without what the children cover, counted point by point: slow, and plain to see as right. */
function selfOf({ at = 0, takes = 0, children = [] }: SpanSketch): number {
  const cuts = [at, at + takes];
  for (const child of children) cuts.push(child.at ?? 0, (child.at ?? 0) + (child.takes ?? 0));
  const edges = cuts.filter((time) => time >= at && time <= at + takes).toSorted((a, b) => a - b);
  let self = 0;
  for (let index = 1; index < edges.length; index++) {
    const [from, to] = [edges[index - 1]!, edges[index]!];
    const isCovered = children.some(
      (child) => (child.at ?? 0) <= from && (child.at ?? 0) + (child.takes ?? 0) >= to,
    );
    if (!isCovered) self += to - from;
  }
  return self;
}
