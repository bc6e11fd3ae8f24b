import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { resemble } from '../decorators/metadata.js';
import { isDecided } from '../decorators/wrap-method.js';
import { registryOf } from '../detached/current-registry.js';
import { unanswered } from '../detached/detach.js';
import { DetachedRun } from '../detached/detached-run.js';
import type { DetachedSite } from '../detached/detached-site.js';
import { openSite, originSpan, standaloneContext } from '../detached/detached-site.js';
import type { DetachedRegistry } from '../detached/detached.registry.js';
import type { AnyFunction } from '../span/record.js';
import { RUN_METADATA } from './scheduled.constants.js';

const CODE_FUNCTION_NAME = 'code.function.name';

/** The stand-in of a scheduled method: each run is a trace of its own, whatever its timer was made in. */
export function scheduledRun(method: AnyFunction, name: string): AnyFunction {
  return standIn(method, (receiver, args) =>
    context.with(ROOT_CONTEXT, () => runAlone(method, name, receiver, args)),
  );
}

/** The stand-in of an event handler: each run is a trace of its own, linked to the emitter's span. */
export function eventRun(method: AnyFunction, name: string): AnyFunction {
  return standIn(method, (receiver, args) => runAlone(method, name, receiver, args));
}

function standIn(
  method: AnyFunction,
  run: (receiver: unknown, args: never[]) => Promise<unknown>,
): AnyFunction {
  // oxlint-disable-next-line typescript/unbound-method -- a shorthand method cannot be constructed, as the one it stands for
  const { runs } = {
    runs(this: unknown, ...args: never[]): Promise<unknown> {
      return run(this, args);
    },
  };
  resemble(runs, method);
  Reflect.defineMetadata(RUN_METADATA, true, runs);
  return runs as unknown as AnyFunction;
}

/**
 * Runs a method at once in a trace of its own. The registry holds it, so that a shutdown waits for
 * it; who called the method still gets its failure, handled or not.
 */
function runAlone(
  method: AnyFunction,
  name: string,
  receiver: unknown,
  args: never[],
): Promise<unknown> {
  const registry = registryOf(receiver);
  const work = (): unknown => Reflect.apply(method, receiver, args);
  const run = new DetachedRun(name, siteOf(method, name, registry), work, registry);
  registry.track(run);
  return run.result.then((value) => value);
}

/** A method that has decided on its span itself opens it, as the root that it is to be here. */
function siteOf(method: AnyFunction, name: string, { settings }: DetachedRegistry): DetachedSite {
  if (!isDecided(method)) {
    const options = { attributes: { [CODE_FUNCTION_NAME]: name } };
    return openSite(unanswered({ name, options }), settings);
  }
  const scope =
    settings.parent === 'child' ? context.active() : standaloneContext(originSpan(), settings);
  return { scope, recording: undefined };
}
