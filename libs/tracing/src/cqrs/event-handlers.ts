import { context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { CallTally } from '../collapse/call-tally.js';
import { measure, tallyOf } from '../collapse/record-repeated.js';
import type { DetachedRegistry } from '../detached/detached.registry.js';
import { openSite } from '../detached/detached-site.js';
import { unanswered } from '../detached/detach.js';
import type { AnyFunction } from '../span/record.js';
import { recordInto } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import type { SpanSpec } from '../span/recording.js';
import { ATTR_CODE_FUNCTION_NAME, ATTR_NAME, ATTR_TYPE } from './cqrs.constants.js';
import { currentDispatch, withoutDispatch } from './event-dispatch.js';
import { runFollowed } from './followed-run.js';
import { messageName } from './message-name.js';
import type { ResolvedCqrsOptions } from './cqrs.schema.js';

/** How one application's handlers of events are traced. */
export interface EventHandling {
  readonly application: symbol;
  readonly events: NonNullable<ResolvedCqrsOptions>['events'];
  readonly registry: DetachedRegistry;
}

/** Calls a handler of an event in a span of its own, which the shutdown waits for. */
export function handleEvent(
  handling: EventHandling,
  name: string,
  method: AnyFunction,
  receiver: unknown,
  args: never[],
): unknown {
  const spec = specOf(name, args[0]);
  const ctx = withoutDispatch(context.active());
  const tally = handling.events === 'child' ? tallyHere(ctx, spec) : undefined;
  if (tally === undefined) return handleInSpan(handling, spec, method, receiver, args);
  const call = (): unknown => measure(tally, method, receiver, args);
  return runFollowed({ name, context: ctx, recording: undefined, call }, handling.registry);
}

/** Of very many events that are published at once, those of a handler have one span together. */
function tallyHere(ctx: Context, spec: SpanSpec): CallTally | undefined {
  if (currentDispatch()?.several !== true) return undefined;
  const site = context.with(ctx, spanSite);
  return site && tallyOf(site, spec);
}

function handleInSpan(
  { events, registry }: EventHandling,
  spec: SpanSpec,
  method: AnyFunction,
  receiver: unknown,
  args: never[],
): unknown {
  const settings = { ...registry.settings, parent: events };
  // What a handler publishes in its turn is another publishing.
  const ctx = withoutDispatch(context.active());
  const site = context.with(ctx, () => openSite(spec, settings));
  const { recording } = site;
  const call = (): unknown =>
    recording === undefined
      ? Reflect.apply(method, receiver, args)
      : recordInto(recording, spec, method, receiver, args);
  return runFollowed({ name: spec.name, context: site.context, recording, call }, registry);
}

/** Nobody is answered by a handler, so every error of it is one, unless the application's policy differs. */
function specOf(name: string, event: unknown): SpanSpec {
  const attributes = {
    [ATTR_CODE_FUNCTION_NAME]: name,
    [ATTR_TYPE]: 'event',
    [ATTR_NAME]: messageName(event, 'event'),
  };
  return unanswered({ name, options: { attributes } });
}
