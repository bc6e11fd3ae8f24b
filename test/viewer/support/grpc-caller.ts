import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

export interface CallOptions {
  readonly path?: string;
  readonly authority?: string;
}

/** Sends bytes as one gRPC message and tells the name of the status it was answered with. */
export async function callGrpc(port: number, body: Uint8Array, options: CallOptions = {}) {
  const { path = EXPORT, authority } = options;
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    ...(authority === undefined ? {} : { 'grpc.default_authority': authority }),
    'grpc.service_config': '{}',
    'grpc.enable_retries': 0,
  });
  const bytes = (value: Buffer) => value;
  const deadline = { deadline: Date.now() + 20_000 };
  try {
    return await new Promise<string>((resolve) => {
      const done = (error: ServiceError | null) => resolve(status[error?.code ?? 0]!);
      client.makeUnaryRequest(
        path,
        bytes,
        bytes,
        Buffer.from(body),
        new Metadata(),
        deadline,
        done,
      );
    });
  } finally {
    client.close();
  }
}
