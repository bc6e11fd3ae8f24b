import { isObject } from '../../../span/is-object.js';
import { carriedFields } from '../carried-context.js';
import type { OutgoingPacket } from '../client-shape.js';

/**
 * Returns a packet with the trace context in its `metadata`, where Nest 12 itself puts what a dispatch
 * hook says. It is a copy: the metadata may be an object of the application's.
 */
export function withMetadata(packet: OutgoingPacket): OutgoingPacket {
  const given = packet.metadata;
  if (given !== undefined && !isObject(given)) return packet;
  const fields = carriedFields(given);
  if (fields === undefined) return packet;
  return { ...packet, metadata: given === undefined ? fields : { ...given, ...fields } };
}
