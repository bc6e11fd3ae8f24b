import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { TraceAssembler } from '../assembling/trace-assembler.js';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { readBody } from './http-body.js';
import { explainListenError } from './listen-error.js';
import { OTLP_SERVICES } from './otlp-services.js';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';

/** Receives OTLP over HTTP, protobuf and JSON, from the start of the application to its end. */
@Injectable()
export class HttpReceiver implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(
    private readonly assembler: TraceAssembler,
    @Inject(VIEWER_OPTIONS) private readonly options: ViewerOptions,
  ) {}

  /** The port it listens on, once the application has started. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { host, httpPort } = this.options;
    this.#server.listen(httpPort, host);
    await once(this.#server, 'listening').catch((error: Error) => {
      throw explainListenError(error, '--http-port', httpPort);
    });
  }

  onApplicationShutdown(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const service = OTLP_SERVICES.find(({ httpPath }) => httpPath === request.url);
    const type = request.headers['content-type']?.split(';')[0]?.trim();
    if (!service || request.method !== 'POST') return end(response, 404);
    if (type !== JSON_TYPE && type !== PROTOBUF_TYPE) return end(response, 415);
    try {
      const body = await readBody(request);
      const isJson = type === JSON_TYPE;
      const message = isJson ? (JSON.parse(body.toString()) as object) : service.decode(body);
      this.assembler.add(service.read(message));
      response.setHeader('content-type', type);
      end(response, 200, isJson ? '{}' : '');
    } catch (error) {
      end(response, 400, String(error));
    }
  }
}

function end(response: ServerResponse, status: number, body = ''): void {
  response.writeHead(status).end(body);
}
