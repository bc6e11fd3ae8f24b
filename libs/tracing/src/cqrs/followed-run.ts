import type { Context } from '@opentelemetry/api';
import { DetachedAbandonedError } from '../detached/detached.error.js';
import { DetachedRun } from '../detached/detached-run.js';
import type { DetachedRegistry } from '../detached/detached.registry.js';
import { ATTR_TASK_OUTCOME } from '../span/outcome/called-off.js';
import type { SpanRecording } from '../span/recording.js';
import { isPlainPromise } from '../span/results/plain-promise.js';

/** Work that nobody waits for, and where it runs. */
interface Unawaited {
  readonly name: string;
  readonly context: Context;
  /** Its span, which ends with it; also if the shutdown does not wait for it any longer. */
  readonly recording: SpanRecording | undefined;
  /** Calls it; ends its span. */
  readonly call: () => unknown;
}

/**
 * Calls what nobody waits for, so that the shutdown does. Its caller gets what it would have got without:
 * value, promise or error.
 */
export function runFollowed(work: Unawaited, registry: DetachedRegistry): unknown {
  const outcome: { result?: unknown; thrown?: { readonly error: unknown } } = {};
  const call = (): unknown => {
    try {
      return (outcome.result = work.call());
    } catch (error) {
      outcome.thrown = { error };
      throw error;
    }
  };
  const site = { context: work.context, recording: undefined };
  registry.track(
    new DetachedRun(work.name, site, call, {
      failed: () => undefined,
      ended: (run, how) => {
        if (how === 'abandoned') abandon(work);
        registry.ended(run, how);
      },
    }),
  );
  if (outcome.thrown !== undefined) throw outcome.thrown.error;
  const { result } = outcome;
  // Whoever leaves a rejection to nobody is told of it, as without us: the registry looks at the other.
  return isPlainPromise(result) ? result.then((value) => value) : result;
}

function abandon({ name, recording }: Unawaited): void {
  recording?.span.setAttribute(ATTR_TASK_OUTCOME, 'abandoned');
  recording?.failWith(new DetachedAbandonedError(name));
}
