import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { standIn } from '../decorators/stand-in.js';
import { isDecided } from '../decorators/wrap-method.js';
import { registryOf } from '../detached/current-registry.js';
import { unanswered } from '../detached/detach.js';
import { DetachedRun } from '../detached/detached-run.js';
import type { DetachedSite } from '../detached/detached-site.js';
import { openSite, originSpan, standaloneContext } from '../detached/detached-site.js';
import type { DetachedRegistry } from '../detached/detached.registry.js';
import type { AnyFunction } from '../span/record.js';
import { withNextSpan } from '../span/next-span.js';
import type { SamplingSubject } from '../tracer/sampling/sampling-subject.interface.js';
import { RUN_METADATA, SCHEDULER_NAME } from './scheduled.constants.js';

const CODE_FUNCTION_NAME = 'code.function.name';

/** A method that is run in a trace of its own. */
interface LoneWork {
  readonly method: AnyFunction;
  readonly name: string;
  /** By what rules of sampling know it. */
  readonly subject?: SamplingSubject;
}

/** The stand-in of a scheduled method: each run is a trace of its own, whatever its timer was made in. */
export function scheduledRun(method: AnyFunction, name: string): AnyFunction {
  const subject = { kind: 'cron', name: jobName(method, name) } as const;
  const work = { method, name, subject };
  return runsOf(method, (receiver, args) =>
    context.with(ROOT_CONTEXT, () => runAlone(work, receiver, args)),
  );
}

/** The name that a decorator has given to a scheduled method, else that of its code. */
export function jobName(method: AnyFunction, codeName: string): string {
  const given: unknown = Reflect.getMetadata(SCHEDULER_NAME, method);
  return typeof given === 'string' && given !== '' ? given : codeName;
}

/** The stand-in of an event handler: each run is a trace of its own, linked to the emitter's span. */
export function eventRun(method: AnyFunction, name: string): AnyFunction {
  return runsOf(method, (receiver, args) => runAlone({ method, name }, receiver, args));
}

function runsOf(
  method: AnyFunction,
  run: (receiver: unknown, args: never[]) => Promise<unknown>,
): AnyFunction {
  const runs = standIn(method, run);
  Reflect.defineMetadata(RUN_METADATA, true, runs);
  return runs;
}

/**
 * Runs a method at once in a trace of its own. The registry holds it, so that a shutdown waits for
 * it; who called the method still gets its failure, handled or not.
 */
function runAlone(work: LoneWork, receiver: unknown, args: never[]): Promise<unknown> {
  const registry = registryOf(receiver);
  const call = (): unknown => Reflect.apply(work.method, receiver, args);
  const run = new DetachedRun(work.name, siteOf(work, registry), call, registry);
  registry.track(run);
  return run.result.then((value) => value);
}

/** A method that has decided on its span itself opens it, as the root that it is to be here. */
function siteOf({ method, name, subject }: LoneWork, { settings }: DetachedRegistry): DetachedSite {
  const known = subject === undefined ? {} : { subject };
  if (!isDecided(method)) {
    const options = { attributes: { [CODE_FUNCTION_NAME]: name }, ...known };
    return openSite(unanswered({ name, options }), settings);
  }
  const ctx =
    settings.parent === 'child' ? context.active() : standaloneContext(originSpan(), settings);
  return { context: subject === undefined ? ctx : asSubject(ctx, subject), recording: undefined };
}

/** A scheduled run has no origin that its span would be linked to. */
function asSubject(ctx: Context, subject: SamplingSubject): Context {
  return withNextSpan(ctx, { links: [], followsLinks: false, subject, started: () => undefined });
}
