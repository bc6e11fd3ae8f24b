import type { Attributes, Span } from '@opentelemetry/api';
import { ATTR_DB_QUERY_SUMMARY } from '@opentelemetry/semantic-conventions';
import { callerOf } from './operation-callers.js';
import { replaceMethod } from '../shadow/stand-in.js';

/** Statements that ask or change something; those that control a transaction repeat by nature. */
const COUNTED = /^(?:SELECT|INSERT|UPDATE|DELETE|MERGE|REPLACE|CALL|EXEC|EXECUTE) \S/i;

/** Marks a span with how many statements of one summary there were: the N+1 problem. */
export function markRepeated(span: Span, summary: string, count: number): void {
  const attributes = { [ATTR_DB_QUERY_SUMMARY]: summary, 'typeorm.query.count': count };
  span.addEvent('repeated query', attributes);
}

/**
 * Counts the statements of one summary under one span, and marks that span when there are many: each
 * such summary is an event `repeated query` with its count, added when the span ends.
 */
export class RepeatedQueries {
  readonly #threshold: number;
  readonly #counts = new WeakMap<Span, Map<string, number>>();

  /** @param threshold from how many statements on they are marked */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Counts a statement, by its attributes, under its parent. */
  count(parent: Span | undefined, statement: Attributes | undefined): void {
    if (parent === undefined || !parent.isRecording()) return;
    const summary = statement?.[ATTR_DB_QUERY_SUMMARY];
    if (typeof summary !== 'string' || !COUNTED.test(summary)) return;
    const counts = this.#countsOf(parent);
    counts.set(summary, (counts.get(summary) ?? 0) + 1);
  }

  /** The statements of an entity operation are its caller's: each operation has a span of its own. */
  #countsOf(parent: Span): Map<string, number> {
    const marked = callerOf(parent) ?? parent;
    let counts = this.#counts.get(marked);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(marked, counts);
      this.#markAtEnd(marked, counts);
    }
    return counts;
  }

  /** Only its end knows how many there were. */
  #markAtEnd(parent: Span, counts: ReadonlyMap<string, number>): void {
    replaceMethod(parent, 'end', (original, receiver, args) => {
      Reflect.deleteProperty(parent, 'end');
      for (const [summary, count] of counts) {
        if (count < this.#threshold) continue;
        markRepeated(parent, summary, count);
      }
      return Reflect.apply(original, receiver, args);
    });
  }
}
