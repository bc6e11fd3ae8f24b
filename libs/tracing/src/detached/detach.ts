import type { TaskFunction } from '../group/group.interface.js';
import { runtime } from '../span/runtime.js';
import { withoutReply } from '../span/error-policy.js';
import type { SpanSpec } from '../span/recording.js';
import { spanOptions } from '../span/span-settings.js';
import type { DetachedOptions, DetachedSettings, DetachedTask } from './detached.interface.js';
import { DETACHED_OVERFLOW } from './detached.constants.js';
import { DetachedRun } from './detached-run.js';
import { mergeSettings } from './detached-settings.js';
import { openSite } from './detached-site.js';
import type { DetachedRegistry } from './detached.registry.js';
import { assertWork, detachOptions } from './validate-detached.js';

/**
 * Starts work that outlives its caller.
 *
 * @throws TypeError if name or function is missing, or an option is unknown or wrong
 * @throws DetachedRejectedError after the stop, or if the limits are reached and the policy refuses it
 */
export function detach(
  registry: DetachedRegistry,
  name: string,
  options: DetachedOptions,
  work: TaskFunction<unknown> | undefined,
): DetachedTask {
  assertWork(name, work ?? options);
  detachOptions.assert(options, 'detach', name);
  const spec = { name, options: spanOptions(options, options.attributes), errors: options.errors };
  return startDetached(registry, spec, options, work as TaskFunction<unknown>).handle();
}

/** Registers a task, synchronously, and lets it begin when the limits allow. */
export function startDetached(
  registry: DetachedRegistry,
  spec: SpanSpec,
  settings: DetachedSettings,
  work: TaskFunction<unknown>,
): DetachedRun {
  const admission = registry.admit(spec.name);
  const site = openSite(unanswered(spec), mergeSettings(settings, registry.settings));
  const run = new DetachedRun(spec.name, site, work, registry);
  if (admission === 'run-inline') run.span.setAttribute(DETACHED_OVERFLOW, admission);
  registry.add(run, admission);
  return run;
}

/**
 * By default an HTTP exception below 500 is a reply to a request. Detached work replies to nobody, so
 * there it is an error; a policy of the application's own holds as it is.
 */
export function unanswered(spec: SpanSpec): SpanSpec {
  return spec.errors === undefined ? { ...spec, errors: withoutReply(runtime().errors) } : spec;
}
