import { Server, ServerCredentials } from '@grpc/grpc-js';

/** Takes OTLP over gRPC in a process of its own and counts bytes: decoding is not what is measured. */
const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

const raw = (bytes: Buffer): Buffer => bytes;
const server = new Server({ 'grpc.max_receive_message_length': -1 });
let received = 0;

server.addService(
  {
    export: {
      path: EXPORT,
      requestStream: false,
      responseStream: false,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    },
  },
  {
    export: (call: { request: Buffer }, answer: (error: null, bytes: Buffer) => void) => {
      received += call.request.length;
      answer(null, Buffer.alloc(0));
    },
  },
);

server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.send?.({ port });
});
process.on('message', () => {
  process.send?.({ received });
  received = 0;
});
process.once('disconnect', () => server.forceShutdown());
