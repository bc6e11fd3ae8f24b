import { trace } from '@opentelemetry/api';
import type { HrTime, Span } from '@opentelemetry/api';
import { NO_SPAN } from '../span/no-span.js';
import { spanSite } from '../span/span-site.js';
import { SpanRecording } from '../span/recording.js';
import { spanOptions } from '../span/span-settings.js';
import type { CancelCause } from './cancellation.js';
import type { ChildSpanSite } from './task/child-spans.js';
import { recordCancelled } from './task/child-spans.js';
import { ATTR_TASK_OUTCOME } from '../span/outcome/called-off.js';
import type { GroupSettings } from './group-settings.js';
import { endNotBefore } from './later.js';
import type { Tally } from './task/tally.js';

/** The span of a group, where one is to be made, from before its first child to after its last. */
export class GroupSpan {
  readonly span: Span;
  readonly #settings: GroupSettings;
  readonly #recording: SpanRecording | undefined;
  readonly #openedAt: number;

  constructor(settings: GroupSettings) {
    const site = spanSite();
    this.#settings = settings;
    if (site !== undefined) {
      const spec = { name: settings.name, options: spanOptions({}, settings.attributes) };
      this.#recording = new SpanRecording(site.tracer, spec, site.parent);
    }
    this.#openedAt = site === undefined ? 0 : performance.now();
    this.span = this.#recording?.span ?? trace.getActiveSpan() ?? NO_SPAN;
  }

  /** Calls a function with the span active. To be called inside of a run of an AsyncResource. */
  activate<T>(fn: () => T): T {
    const recording = this.#recording;
    if (recording === undefined || recording.activate()) return fn();
    return recording.run(fn, undefined, []) as T;
  }

  /**
   * Where the children get their spans, or undefined if the group has none. To be called with the
   * span active: if it is sampled out, so are its children.
   */
  childSite(): ChildSpanSite | undefined {
    const parent = this.#recording?.span;
    return parent && { parent, tracer: spanSite()?.tracer };
  }

  succeed(tally: Tally, lastEnd: HrTime | undefined): void {
    this.#finish('ok', tally, lastEnd)?.succeed(undefined);
  }

  /** Ends the span with the group's failures and returns the error to throw. */
  fail(failures: readonly unknown[], tally: Tally, lastEnd: HrTime | undefined): unknown {
    const [first, ...further] = failures;
    const recording = this.#finish('error', tally, lastEnd);
    if (this.#settings.errors === 'first') {
      recording?.failWith(first, further);
      return first;
    }
    const all = new AggregateError(failures, `Group "${this.#settings.name}" failed.`);
    recording?.failWith(all);
    return all;
  }

  cancel(cause: CancelCause, tally: Tally, lastEnd: HrTime | undefined): void {
    const recording = this.#finish('cancelled', tally, lastEnd);
    if (recording !== undefined) recordCancelled(recording, cause);
  }

  #finish(outcome: string, tally: Tally, lastEnd: HrTime | undefined): SpanRecording | undefined {
    const recording = this.#recording;
    if (recording === undefined) return undefined;
    recording.span.setAttribute(ATTR_TASK_OUTCOME, outcome);
    recording.span.setAttributes(tally.attributes());
    recording.endAt(endNotBefore(recording.span, this.#openedAt, lastEnd));
    return recording;
  }
}
