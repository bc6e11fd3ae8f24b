import { resetProcessSlots } from '../process-slot.js';
import { OwnSdk } from '../sdk/own-sdk.js';
import { releaseGlobals } from '../span/release-globals.js';

/** What a test left behind has no claim to a long wait for its collector. */
const END_MILLIS = 500;

/**
 * Puts the process back as it was before any tracing: ends the SDK of a `TracingModule` whose
 * application was never closed, frees OpenTelemetry's globals, whoever registered them, and forgets
 * the options of every module. For tests that set tracing up more than once in a process; closing the
 * application does all of this for its own. An application that is still open goes on untraced.
 *
 * @example
 * ```ts
 * afterEach(() => resetTracing());
 * ```
 */
export async function resetTracing(): Promise<void> {
  const left = OwnSdk.registered();
  resetProcessSlots();
  releaseGlobals();
  await left?.end(END_MILLIS).catch(() => undefined); // spans that a test leaves are nobody's loss
}
