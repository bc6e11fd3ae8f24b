import { Server, ServerCredentials } from '@grpc/grpc-js';

// A collector in a process of its own that does next to nothing: it counts spans and accepts them.
// Tells its port, and then, whenever it is asked, how many spans it has.

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const identity = (bytes: Buffer): Buffer => bytes;
let received = 0;

const server = new Server({ 'grpc.max_receive_message_length': -1 });
const method = {
  path: PATH,
  requestStream: false,
  responseStream: false,
  requestSerialize: identity,
  requestDeserialize: identity,
  responseSerialize: identity,
  responseDeserialize: identity,
} as const;
server.addService(
  { export: method },
  {
    export: (call: { request: Buffer }, done: (error: null, answer: Buffer) => void) => {
      received += countSpans(call.request);
      done(null, Buffer.alloc(0));
    },
  },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) =>
  process.send?.({ port }),
);
process.on('message', () => process.send?.({ received }));

/** request.resource_spans (1) . scope_spans (2) . spans (2) */
function countSpans(request: Buffer): number {
  let count = 0;
  for (const resourceSpans of messages(request, 1)) {
    for (const scopeSpans of messages(resourceSpans, 2)) {
      for (const _ of messages(scopeSpans, 2)) count += 1;
    }
  }
  return count;
}

function* messages(bytes: Buffer, field: number): Generator<Buffer> {
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0;
    let [length, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++] ?? 0;
      length += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte > 127);
    if (tag === field * 8 + 2) yield bytes.subarray(at, at + length);
    at += length;
  }
}
