import { SpanKind } from '@opentelemetry/api';
import type { Attributes, Context, Link, SpanOptions } from '@opentelemetry/api';
import { contextKey } from '../../context-key.js';
import type { SpanSite } from '../../span/span-site.js';
import { SpanRecording } from '../../span/recording.js';
import type { SpanSpec } from '../../span/recording.js';

/** The outcome of a transaction; `failed` if its start or its rollback did. */
type TransactionOutcome = 'committed' | 'rolled_back' | 'abandoned' | 'failed';

/** The facts of a transaction when it starts. */
interface TransactionStart {
  readonly attributes: Attributes;
  readonly isolationLevel: string | undefined;
  readonly savepoint: boolean;
  readonly describeError?: SpanSpec['describeError'];
  readonly startUp: boolean;
}

const TRANSACTION = contextKey('typeorm transaction');
const ATTR_ISOLATION_LEVEL = 'typeorm.transaction.isolation_level';
const ATTR_OUTCOME = 'typeorm.transaction.outcome';

/** Returns the transaction whose callback runs in a context. */
export function transactionIn(context: Context): TransactionSpan | undefined {
  return context.getValue(TRANSACTION) as TransactionSpan | undefined;
}

/**
 * The INTERNAL span of one transaction, or of a savepoint within one. Around a callback it is active;
 * by hand it cannot be, so the statements of its runner link to it.
 */
export class TransactionSpan {
  readonly spec: SpanSpec;
  readonly recording: SpanRecording;
  /** The transaction in whose callback this one was started. */
  readonly outer: TransactionSpan | undefined;
  /** Whether it is around a callback, which ends it. */
  readonly hasCallback: boolean;
  /** Whether a runner has begun it. */
  begun = false;

  constructor(site: SpanSite, start: TransactionStart, hasCallback: boolean) {
    this.outer = transactionIn(site.parent);
    this.hasCallback = hasCallback;
    this.spec = specOf(start);
    const parent = hasCallback ? site.parent.setValue(TRANSACTION, this) : site.parent;
    this.recording = new SpanRecording(site.tracer, this.spec, parent);
  }

  /** Returns the link of a statement that runs in the transaction, but outside of its callback. */
  link(): Link {
    return { context: this.recording.span.spanContext() };
  }

  /** Marks how it ended, and ends it unless its callback does. */
  conclude(outcome: TransactionOutcome): void {
    this.recording.span.setAttribute(ATTR_OUTCOME, outcome);
    if (!this.hasCallback) this.recording.end();
  }

  /** Ends it with what its start or its rollback threw. */
  fail(error: unknown): void {
    this.recording.span.setAttribute(ATTR_OUTCOME, 'failed');
    if (!this.hasCallback) this.recording.fail(error);
  }
}

function specOf(start: TransactionStart): SpanSpec {
  const { isolationLevel, savepoint, describeError, startUp } = start;
  const attributes: SpanOptions['attributes'] = { ...start.attributes };
  if (isolationLevel !== undefined) attributes[ATTR_ISOLATION_LEVEL] = isolationLevel;
  const name = savepoint ? 'savepoint' : 'transaction';
  return { name, options: { kind: SpanKind.INTERNAL, attributes }, describeError, startUp };
}
