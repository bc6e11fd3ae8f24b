import { SpanStatusCode, context, createContextKey } from '@opentelemetry/api';
import type {
  Attributes,
  Context,
  Link,
  Span,
  SpanOptions,
  TimeInput,
  Tracer,
} from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { runtime } from '../runtime.js';
import { legalAttributes } from './attributes.js';
import type { ErrorPolicy } from './error-policy.js';
import type { ErrorDescription } from './exception.js';
import { errorMessage, errorType, recordException } from './exception.js';
import { markDormant, unmarkDormant } from './dormant.js';
import { guard } from './guard.js';
import { withSpan } from './span-scope.js';
import { asStartUp } from './start-up.js';

/** Opens the span of one use of a lazy result, or answers undefined if it is not to be traced. */
export type OpenSpan = () => SpanRecording | undefined;

/** What a span is opened with and how its outcome is read. */
export interface SpanSpec {
  readonly name: string;
  readonly options: SpanOptions;
  /** Attributes of the result, set before the span ends. */
  readonly result?: ((value: never) => Attributes) | undefined;
  /** Overrides the module's error policy. */
  readonly errors?: ErrorPolicy | undefined;
  /** What to record of an error instead of its own message and stack. */
  readonly describeError?: ((error: unknown) => ErrorDescription) | undefined;
  /** The span belongs to the application's start: once it has ended it is nobody's parent. */
  readonly startUp?: boolean | undefined;
}

/** What the next span of a context starts with, whoever opens it: a task or a traced method. */
export interface Handover {
  readonly links: readonly Link[];
  /** Whether the span is to be sampled as those it links to. */
  readonly followsLinks: boolean;
  /** Told of the span once it has started. */
  started(span: Span): void;
}

const HANDOVER = createContextKey('nestjs-tracing handover');

/** A context whose next span, and only that, takes the handover. */
export function handOver(scope: Context, handover: Handover): Context {
  return scope.setValue(HANDOVER, handover);
}

/** What the next span of a context is to take over. */
export function handoverOf(scope: Context): Handover | undefined {
  return scope.getValue(HANDOVER) as Handover | undefined;
}

const MAX_FURTHER_ERRORS = 32;

const apply = Reflect.apply as (
  fn: unknown,
  receiver: unknown,
  args: ArrayLike<unknown>,
) => unknown;

/**
 * One span from its opening to its only end. Nothing else in this package opens, activates, fails
 * or ends a span.
 */
export class SpanRecording {
  readonly span: Span;
  readonly scope: Context;
  readonly #spec: SpanSpec;
  #open = true;
  #endTime: TimeInput | undefined;

  constructor(tracer: Tracer, spec: SpanSpec, parent: Context) {
    const handover = handoverOf(parent);
    this.span = tracer.startSpan(spec.name, optionsOf(spec, handover), parent);
    handover?.started(this.span);
    const opened = withSpan(parent, this.span);
    const scope = handover === undefined ? opened : opened.deleteValue(HANDOVER);
    this.scope = spec.startUp === true || runtime().starting ? asStartUp(scope) : scope;
    this.#spec = spec;
  }

  /** Calls a function with the span active. */
  run(fn: (...args: never[]) => unknown, receiver: unknown, args: ArrayLike<unknown>): unknown {
    return context.with(this.scope, apply, undefined, fn, receiver, args);
  }

  /**
   * Makes the span active for what follows inside of the current AsyncResource's scope, at whose end
   * it is over. False if the context manager cannot: then `run` has to do it.
   */
  activate(): boolean {
    context.attach(this.scope);
    return context.active() === this.scope;
  }

  /** Marks the span as one that its consumer will end, who may never come. */
  waitForUse(): void {
    markDormant(this.span);
  }

  /** The consumer has come: from now on the span has to end. */
  resume(): this {
    unmarkDormant(this.span);
    return this;
  }

  /** Sets the time at which the span is going to end. Default: when it is ended. */
  endAt(time: TimeInput | undefined): void {
    this.#endTime = time;
  }

  /** Ends the span of a call that returned, with the attributes of its result. */
  succeed(value: unknown): void {
    if (!this.#open) return;
    this.#open = false;
    const { result } = this.#spec;
    if (result !== undefined) this.#setResult(result, value);
    this.span.end(this.#endTime);
  }

  /**
   * Ends the span of a call that threw or rejected; whether it is an error the policy decides.
   *
   * @param further errors that came with it; they are recorded as events, up to a limit
   */
  fail(error: unknown, further: readonly unknown[] = []): void {
    if (!this.#open) return;
    this.#open = false;
    const description = this.#describe(error);
    if (this.span.isRecording()) {
      guard('recording an exception', () => this.#recordFailure(error, description));
      for (const other of further.slice(0, MAX_FURTHER_ERRORS)) recordException(this.span, other);
    }
    this.span.end(this.#endTime);
  }

  /** Ends the span of work that was called off; whether it is an error the option `cancelled` says. */
  cancel(reason: string): void {
    if (!this.#open) return;
    this.#open = false;
    if (runtime().cancelled === 'error') {
      this.span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
    }
    this.span.end(this.#endTime);
  }

  /** Ends the span of something that was given up by its consumer: neither result nor error. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.span.end();
  }

  #setResult(result: NonNullable<SpanSpec['result']>, value: unknown): void {
    const attributes = guard('the result attributes callback', () => result(value as never));
    if (attributes !== undefined) this.span.setAttributes(legalAttributes(attributes));
  }

  /** Also asked for a span that is sampled out: an outer one may record the error. */
  #describe(error: unknown): ErrorDescription | undefined {
    const { describeError } = this.#spec;
    return describeError && guard('the description of an error', () => describeError(error));
  }

  #recordFailure(error: unknown, described: ErrorDescription | undefined): void {
    recordException(this.span, error, described);
    if (described?.attributes !== undefined) this.span.setAttributes(described.attributes);
    if (this.#classify(error) === 'expected') return;
    const message = described?.exception.message ?? errorMessage(error);
    this.span.setAttribute(ATTR_ERROR_TYPE, described?.errorType ?? errorType(error));
    this.span.setStatus({ code: SpanStatusCode.ERROR, message });
  }

  #classify(error: unknown): 'error' | 'expected' {
    const policy = this.#spec.errors ?? runtime().errors;
    return guard('the error policy', () => policy(error)) ?? 'error';
  }
}

function optionsOf({ options }: SpanSpec, handover: Handover | undefined): SpanOptions {
  if (handover === undefined) return options;
  return { ...options, links: [...(options.links ?? []), ...handover.links] };
}
