import { guard } from '../../span/guard.js';
import { processSlot } from '../../process-slot.js';
import { patternText } from '../pattern.js';
import type { OutgoingRpcOptions } from '../rpc-options.interface.js';

/** What an open application wants of the messages that are sent. */
export interface OutgoingPolicy {
  /** Whether the trace context goes along with a message of this pattern. */
  propagates(pattern: unknown): boolean;
  /** Where something is said that concerns the application. */
  say(message: string): void;
}

const slot = processSlot('outgoing messages', (): OutgoingPolicy | undefined => undefined);

/** Returns the policy of the application that was opened last, for clients that belong to none. */
export function openPolicy(): OutgoingPolicy | undefined {
  return slot.current;
}

/** Makes a policy that of the process until the function returned is called. */
export function installPolicy(policy: OutgoingPolicy): () => void {
  return slot.install(policy);
}

/** Makes a policy of an application's options. A `propagate` that throws lets nothing go along. */
export function outgoingPolicy(
  { propagate }: Required<OutgoingRpcOptions>,
  say: (message: string) => void,
): OutgoingPolicy {
  return {
    propagates: (pattern) => {
      if (typeof propagate === 'boolean') return propagate;
      const text = patternText(pattern);
      return guard('microservices.outgoing.propagate', () => propagate(text)) === true;
    },
    say,
  };
}
