import type { Observable } from 'rxjs';
import { isPlainObservable } from '../../span/results/observable.js';
import type { SpanRecording } from '../../span/recording.js';
import { traceSubscriptions } from './request-subscriber.js';

/** What `emit()` answers: it has been sent already, whoever subscribes. */
interface Emission extends Observable<unknown> {
  connect(): unknown;
}

/**
 * Ends the span of an event when it has been handed to the broker, subscribed or not. Answers what
 * `emit()` answered, delivering in the context of whoever subscribes.
 *
 * A client of the application's own may answer with something that sends when it is subscribed to: then
 * the span is that of the first subscription, and further ones are opened as they come.
 */
export function traceEmission(
  emitted: unknown,
  recording: SpanRecording | undefined,
  open: () => SpanRecording | undefined,
): unknown {
  if (typeof emitted !== 'object' || emitted === null || !isEmission(emitted)) {
    return traceLateEmission(emitted, recording, open);
  }
  if (recording !== undefined) {
    emitted.subscribe({
      error: (error: unknown) => recording.failWith(error),
      complete: () => recording.succeed(undefined),
    });
  }
  const delivering = traceSubscriptions(emitted, () => undefined) as Emission;
  delivering.connect = emitted.connect;
  return delivering;
}

function isEmission(emitted: object): emitted is Emission {
  const { connect, subscribe } = emitted as Partial<Emission>;
  return typeof connect === 'function' && typeof subscribe === 'function';
}

function traceLateEmission(
  emitted: unknown,
  recording: SpanRecording | undefined,
  open: () => SpanRecording | undefined,
): unknown {
  if (typeof emitted !== 'object' || emitted === null || !isPlainObservable(emitted)) {
    recording?.succeed(undefined);
    return emitted;
  }
  recording?.waitForUse();
  let unused = recording;
  return traceSubscriptions(emitted, () => {
    const first = unused;
    unused = undefined;
    return first?.resume() ?? open();
  });
}
