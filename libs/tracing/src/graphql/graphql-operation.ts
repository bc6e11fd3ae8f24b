import { SpanKind } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { Entry } from '../entry/entry.js';
import type { OpenEntries } from '../entry/open-entries.js';
import type { ForeignOperations } from './foreign-operations.js';
import { endWithErrors } from './operation-errors.js';
import type { GraphqlSettings, OperationFacts } from './operation-facts.js';
import {
  factsIn,
  factsOf,
  isIgnored,
  operationAttributes,
  operationSubject,
  spanName,
} from './operation-facts.js';
import type { ResolverInfo } from './resolver-info.js';

/** What the operations of one application share. */
export interface OperationTracing {
  readonly settings: GraphqlSettings;
  readonly open: OpenEntries;
  readonly foreign: ForeignOperations;
  readonly say: (message: string) => void;
  /** Told of a dataloader that is kept across requests. */
  readonly sayShared: (loader: string) => void;
}

/** What a client has sent. */
export interface SentOperation {
  readonly query?: unknown;
  readonly operationName?: unknown;
}

/**
 * One operation from its arrival to its end. Its span opens when its first resolver is called, with the time
 * of its arrival: only then its document is parsed, and another instrumentation would be to be seen. It
 * opens at the end where no resolver was called.
 */
export class GraphqlOperation {
  /** Where it is to open, and whether it is to. */
  readonly parent: Context | undefined;
  readonly #tracing: OperationTracing;
  readonly #startTime = performance.now();
  #sent: SentOperation | undefined;
  #entry: Entry | undefined;
  #isDecided = false;
  #isOver = false;

  constructor(tracing: OperationTracing, sent: SentOperation, parent: Context | undefined) {
    this.#tracing = tracing;
    this.#sent = sent;
    this.parent = parent;
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** A resolver is called: returns what it is to run in, if anything. */
  enter(info: ResolverInfo): Entry | undefined {
    if (!this.#isDecided) this.#decide(() => factsOf(info.operation), this.#tracing.foreign.look());
    return this.#entry;
  }

  /** It is answered with these errors, or with none. */
  end(errors: unknown): void {
    this.#close((entry) => endWithErrors(entry, errors));
  }

  /** Its HTTP response was written and its driver has told no end: as a rule it was not executed. */
  endWith(status: number): void {
    const type = status >= 400 ? String(status) : '_OTHER';
    const wasExecuted = this.#isDecided;
    this.#close((entry) => {
      if (wasExecuted) entry.settle();
      else entry.failAs(type, status >= 500);
    });
  }

  #close(end: (entry: Entry) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { query, operationName } = this.#sent ?? {};
    const { foreign } = this.#tracing;
    if (!this.#isDecided) this.#decide(() => factsIn(query, operationName), foreign.isFound);
    if (this.#entry !== undefined) end(this.#entry);
  }

  #decide(read: () => OperationFacts, isForeign: boolean): void {
    this.#isDecided = true;
    const { settings, open } = this.#tracing;
    const { parent } = this;
    const document = this.#sent?.query;
    this.#sent = undefined;
    if (parent === undefined || isForeign) return;
    const facts = read();
    if (isIgnored(facts, settings)) return;
    this.#entry = new Entry({
      name: spanName(facts, settings),
      kind: SpanKind.SERVER,
      attributes: operationAttributes(facts, document, settings),
      subject: operationSubject(facts),
      from: { parent, links: [] },
      startTime: this.#startTime,
    });
    open.add(this.#entry);
  }
}
