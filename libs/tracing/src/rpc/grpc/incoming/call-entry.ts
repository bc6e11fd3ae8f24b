import { SpanKind } from '@opentelemetry/api';
import { Entry } from '../../../entry/entry.js';
import { remoteParent } from '../../../entry/remote-parent.js';
import { MESSAGE_CARRIER } from '../../carriers/read-carrier.js';
import type { SamplingSubject } from '../../../tracer/sampling/sampling-subject.interface.js';
import type { SpanStart } from '../../conventions.js';
import type { IncomingRpcOptions, RpcContext } from '../../rpc-options.interface.js';

/** Says whose trace is continued. */
type Trust = Required<IncomingRpcOptions>['trust'];

/**
 * Opens the SERVER span of a call.
 *
 * @param metadata of the client: `Metadata`, or the headers of HTTP/2
 * @param subject by what rules of sampling know it, if the server has the method
 */
export function callEntry(
  { name, attributes }: SpanStart,
  metadata: object,
  trust: Trust,
  subject?: SamplingSubject,
): Entry {
  const asked = typeof trust === 'function' ? () => trust(asContext(name, metadata)) : trust;
  const from = remoteParent(metadata, MESSAGE_CARRIER, asked, 'microservices.incoming.trust');
  return new Entry({ name, kind: SpanKind.SERVER, attributes, subject, from });
}

/** Nest has no context of its own for gRPC: its arguments are the metadata and the method's name. */
function asContext(method: string, metadata: object): RpcContext {
  const args = [metadata, method] as const;
  return { getArgs: () => args, getArgByIndex: (index) => args[index] };
}
