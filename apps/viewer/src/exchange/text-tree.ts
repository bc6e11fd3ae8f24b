import type { TraceAnalysis } from '../detail/trace-detail.js';
import { timeText } from '../problems/problem-source.js';
import { PLAIN } from '../showing/palette.js';
import { nodeLine, type LineContext } from '../showing/span-lines.js';
import { count, printable } from '../showing/text.js';
import { statementOf } from '../store/statement.js';
import type { TraceStore } from '../store/trace-store.js';

/** Deeper levels are not indented any more. */
const MAX_INDENT = 30;
const MAX_LINE_CHARS = 260;
/** As many equal siblings as this are one line. */
const FOLD = 5;

/** The tree of a trace in lines of at most so many bytes; of a large one what failed and what it waited for. */
export function textTree(analysis: TraceAnalysis, store: TraceStore, maxBytes: number): string[] {
  const rows = new Rows(analysis, store);
  const whole = rows.lines(() => true, maxBytes);
  if (whole) return whole;
  const telling = rows.telling(true);
  const some = rows.lines((at) => telling[at] === 1, maxBytes);
  if (some) return some;
  const failed = rows.telling(false);
  return rows.lines((at) => failed[at] === 1, maxBytes) ?? rows.failures(maxBytes);
}

class Rows {
  readonly #context: LineContext;
  readonly #depth: Int32Array;
  readonly #onPath: Uint8Array;

  constructor(
    private readonly analysis: TraceAnalysis,
    store: TraceStore,
  ) {
    const { table, path } = analysis;
    this.#context = {
      palette: PLAIN,
      spanName: (traceId, spanId) => store.trace(traceId)?.span(spanId)?.name,
    };
    this.#depth = new Int32Array(table.length);
    for (const [at, above] of table.parent.entries()) {
      this.#depth[at] = above < 0 ? 0 : this.#depth[above]! + 1;
    }
    this.#onPath = new Uint8Array(table.length);
    for (const { span } of path) this.#onPath[span] = 1;
  }

  /** What failed or was on the critical path, and what is above it. */
  telling(withPath: boolean): Uint8Array {
    const { spans, parent, length } = this.analysis.table;
    const telling = new Uint8Array(length);
    // Backwards: children come after their parents.
    for (let at = length - 1; at >= 0; at--) {
      const isTelling = spans[at]?.status === 'ERROR' || (withPath && this.#onPath[at] === 1);
      if (isTelling) telling[at] = 1;
      if (telling[at] && parent[at]! >= 0) telling[parent[at]!] = 1;
    }
    return telling;
  }

  /** @returns `undefined` if they do not fit. */
  lines(isShown: (at: number) => boolean, maxBytes: number): string[] | undefined {
    const { length } = this.analysis.table;
    const lines: string[] = [];
    let [left, hidden] = [maxBytes, 0];
    const push = (line: string) => {
      left -= Buffer.byteLength(line) + 1;
      lines.push(line);
    };
    for (let at = 0; at < length;) {
      const next = this.#endOfFold(at);
      if (!isShown(at)) hidden += next - at;
      else {
        if (hidden > 0) push(hiddenLine(hidden));
        hidden = 0;
        push(this.#line(at, next - at));
      }
      if (left < 0) return undefined;
      at = next;
    }
    if (hidden > 0) push(hiddenLine(hidden));
    return left < 0 ? undefined : lines;
  }

  /** What is left to say of a trace with thousands of failures. */
  failures(maxBytes: number): string[] {
    const failed = [...this.analysis.table.spans.keys()].filter(
      (at) => this.analysis.table.spans[at]?.status === 'ERROR',
    );
    const lines: string[] = [];
    let left = maxBytes - 80;
    for (const at of failed) {
      const line = this.#line(at, 1).trimStart();
      left -= Buffer.byteLength(line) + 1;
      if (left < 0) break;
      lines.push(line);
    }
    const more = failed.length - lines.length;
    return more === 0 ? lines : [...lines, `… and ${count(more, 'span')} more that failed`];
  }

  #line(at: number, times: number): string {
    const { table, self } = this.analysis;
    const span = table.spans[at];
    const indent = '  '.repeat(Math.min(this.#depth[at]!, MAX_INDENT));
    const mark = this.#onPath[at] === 1 ? '* ' : '- ';
    if (times > 1) {
      const total = table.end
        .subarray(at, at + times)
        .reduce((sum, end, index) => sum + end - table.start[at + index]!, 0);
      const text = printable(statementOf(span!) ?? span!.name, MAX_LINE_CHARS / 2);
      return `${indent}${mark}${times} × ${text}  ${timeText(total)}`;
    }
    const isRoot = table.parent[at]! < 0;
    const node = { spanId: table.ids[at]!, startNanos: 0n, children: [], logs: [] };
    const text = nodeLine({ ...node, ...(span ? { span } : {}) }, this.#context, isRoot);
    const own = `  (self ${timeText(self[at]!)})`;
    return `${indent}${mark}${printable(text.replaceAll('  ', ' · '), MAX_LINE_CHARS)}${own}`;
  }

  /** Healthy leaves that are one statement again and again are one row. */
  #endOfFold(at: number): number {
    const { spans, parent, length } = this.analysis.table;
    const isLike = (other: number) =>
      spans[other]?.status !== 'ERROR' &&
      parent[other] === parent[at] &&
      parent[other + 1] !== other &&
      spans[other] !== undefined &&
      statementOf(spans[other]) === statement;
    const statement = spans[at] && statementOf(spans[at]);
    if (statement === undefined || !isLike(at)) return at + 1;
    let end = at + 1;
    while (end < length && isLike(end)) end += 1;
    return end - at >= FOLD ? end : at + 1;
  }
}

function hiddenLine(spans: number): string {
  return `  … ${count(spans, 'healthy span')}`;
}
