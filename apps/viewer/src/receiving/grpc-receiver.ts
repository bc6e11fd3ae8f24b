import { Server, ServerCredentials, status, type handleUnaryCall } from '@grpc/grpc-js';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { TraceAssembler } from '../assembling/trace-assembler.js';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { explainListenError } from './listen-error.js';
import { OTLP_SERVICES, type OtlpService } from './otlp-services.js';

const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Receives OTLP over gRPC from the start of the application to its end. */
@Injectable()
export class GrpcReceiver implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
  #port = 0;

  constructor(
    private readonly assembler: TraceAssembler,
    @Inject(VIEWER_OPTIONS) private readonly options: ViewerOptions,
  ) {}

  /** The port it listens on, once the application has started. */
  get port(): number {
    return this.#port;
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const service of OTLP_SERVICES) {
      this.#server.addService(service.definition, { Export: this.#export(service) });
    }
    this.#port = await this.#listen();
  }

  onApplicationShutdown(): void {
    this.#server.forceShutdown();
  }

  #export(service: OtlpService): handleUnaryCall<object, object> {
    return ({ request }, callback) => {
      try {
        this.assembler.add(service.read(request));
        callback(null, {});
      } catch (error) {
        callback({ code: status.INVALID_ARGUMENT, details: String(error) });
      }
    };
  }

  #listen(): Promise<number> {
    const { host, grpcPort } = this.options;
    const credentials = ServerCredentials.createInsecure();
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(`${host}:${grpcPort}`, credentials, (error, port) =>
        error ? reject(explainListenError(error, '--grpc-port', grpcPort)) : resolve(port),
      );
    });
  }
}
