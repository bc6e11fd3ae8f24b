import type { Attributes } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import { showFrame } from '../sampling/frame.js';
import type { Stall } from '../pulse/stall.interface.js';
import type { Cause } from './cause.js';
import { namesLine } from './cause.js';
import { startOf } from './innocents.js';
import type { Share } from './share.js';

const MAX_EVENTS = 8;
const STACK_FRAMES = 10;
/** Less is what any two turns of the loop wait for each other. */
export const MIN_WAIT_MILLIS = 10;

/** What a span was told so far. */
interface Marks {
  events: number;
  blockedMillis: number;
  waitedMillis: number;
}

/** Writes on spans that they have blocked the event loop, or waited for those that did. */
export class SpanMarks {
  readonly #marks = new WeakMap<Span, Marks>();

  /** An event at the begin of the stall, or its own if that was later, and the sum of all as an attribute. */
  blocked(span: Span, share: Share, cause: Cause, stall: Stall, gcMillis: number): void {
    if (!span.isRecording()) return;
    const marks = this.#of(span);
    marks.blockedMillis += share.millis;
    marks.events += 1;
    span.setAttribute('event_loop.blocked_ms', Math.round(marks.blockedMillis));
    if (marks.events > MAX_EVENTS) return;
    const attributes = eventAttributes(share, cause, stall, gcMillis);
    span.addEvent('event_loop.blocked', attributes, Math.max(stall.startedAt, startOf(span)));
  }

  waited(span: Span, millis: number): void {
    if (millis < MIN_WAIT_MILLIS || !span.isRecording()) return;
    const marks = this.#of(span);
    marks.waitedMillis += millis;
    span.setAttribute('event_loop.wait_ms', Math.round(marks.waitedMillis));
  }

  #of(span: Span): Marks {
    const known = this.#marks.get(span);
    if (known !== undefined) return known;
    const marks = { events: 0, blockedMillis: 0, waitedMillis: 0 };
    this.#marks.set(span, marks);
    return marks;
  }
}

function eventAttributes(
  { millis, samples, frames, culprit }: Share,
  cause: Cause,
  stall: Stall,
  gcMillis: number,
): Attributes {
  const attributes: Attributes = {
    'event_loop.blocked.duration_ms': Math.round(millis),
    'event_loop.blocked.cause': cause,
    'event_loop.blocked.samples': samples,
    'event_loop.blocked.cpu_ms': Math.round(stall.cpuMillis),
    'event_loop.blocked.gc_ms': Math.round(gcMillis),
  };
  if (!namesLine(cause) || culprit === undefined) return attributes;
  attributes['code.function.name'] = culprit.name;
  attributes['code.file.path'] = culprit.file;
  attributes['code.line.number'] = culprit.line;
  const stack = frames.slice(0, STACK_FRAMES).map((frame) => `    at ${showFrame(frame)}`);
  attributes['code.stacktrace'] = stack.join('\n');
  return attributes;
}
