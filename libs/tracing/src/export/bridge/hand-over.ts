import type { ToThread } from '../transport/messages.js';
import type { ExportBridge } from './export-bridge.interface.js';

/** Tells another bridge what a thread was told; who waits for a result asks it again. */
export function handOver(bridge: ExportBridge, message: ToThread): void {
  if (message.type === 'resource') bridge.setResource(message.bytes, message.schemaUrl);
  else if (message.type === 'scope') bridge.addScope(message.scope);
  else if (message.type === 'spans') bridge.handOver(message.slice, message.count);
}
