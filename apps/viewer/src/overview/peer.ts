import type { AttributeMap, ReceivedSpan } from '../telemetry.interface.js';
import type { MapNodeKind } from '../wire/overview.interface.js';

const MAX_NAME_CHARS = 100;

/** What is at the other end of a span that leaves its service; nothing for other spans. */
export function peerOf({
  attributes,
  kind,
}: ReceivedSpan): { readonly name: string; readonly kind: MapNodeKind } | undefined {
  const system = textOf(attributes, 'db.system.name', 'db.system');
  if (system !== '') {
    const name = textOf(attributes, 'db.namespace', 'db.name');
    return { name: name === '' ? system : `${system} ${name}`, kind: 'database' };
  }
  if (kind !== 'CLIENT' && kind !== 'PRODUCER' && kind !== 'CONSUMER') return undefined;
  const messaging = textOf(attributes, 'messaging.system');
  if (messaging !== '' || kind !== 'CLIENT') {
    const queue = textOf(attributes, 'messaging.destination.name', 'messaging.destination');
    return { name: queue || messaging || 'a queue', kind: 'queue' };
  }
  const address = textOf(attributes, 'server.address', 'net.peer.name', 'peer.service');
  return address === '' ? undefined : { name: address, kind: 'external' };
}

function textOf(attributes: AttributeMap, ...keys: readonly string[]): string {
  const value = keys.map((key) => attributes[key]).find((each) => typeof each === 'string');
  return typeof value === 'string' ? value.slice(0, MAX_NAME_CHARS) : '';
}
