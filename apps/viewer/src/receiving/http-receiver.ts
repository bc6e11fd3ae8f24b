import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { PageGate } from '../api/page-gate.js';
import { refuseOtherSites, refuseStranger } from './allowed-caller.js';
import { BodyReader } from './body.reader.js';
import { answerBroken, answerJson, answerRefusal, answerTaken, JSON_TYPE } from './http-answer.js';
import { contentTypeOf, isOtlpPath, pathOf, readRoute } from './http-route.js';
import { limitConnections, listen, portOf } from './listen.js';
import { OtlpReception } from './otlp/otlp.reception.js';
import { ReceptionRegistry } from './reception.registry.js';
import { Refusal } from './refusal.error.js';
import { ViewerStats } from './viewer.stats.js';

const LATE = 'ERR_HTTP_REQUEST_TIMEOUT';

/** Receives OTLP over HTTP, protobuf and JSON, and lets the rest through to the page, from the start of the application to its end. */
@Injectable()
export class HttpReceiver implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #server: Server;

  constructor(
    private readonly reception: OtlpReception,
    private readonly bodies: BodyReader,
    private readonly registry: ReceptionRegistry,
    private readonly stats: ViewerStats,
    private readonly gate: PageGate,
    @Inject(VIEWER_OPTIONS) private readonly options: ViewerOptions,
  ) {
    this.#server = this.#createServer();
  }

  /** The port it listens on, once the application has started. */
  get port(): number {
    return portOf(this.#server);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { host, isHostGiven, httpPort: port, isPortAuto: isAuto } = this.options;
    const isLocal = !isHostGiven;
    await listen(this.#server, { host, port, option: '--port', isAuto, isLocal });
  }

  onApplicationShutdown(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #createServer(): Server {
    const { timeoutMillis } = this.options;
    const server = createServer({
      headersTimeout: timeoutMillis,
      requestTimeout: 2 * timeoutMillis,
      connectionsCheckingInterval: Math.ceil(timeoutMillis / 4),
    });
    limitConnections(server, this.registry);
    return server
      .on('request', (request, response) => void this.#answer(request, response))
      .on('clientError', (error: NodeJS.ErrnoException, socket) => {
        this.#countBrokenRequest(error);
        answerBroken(socket, error.code === LATE);
      });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      response.setHeader('x-content-type-options', 'nosniff');
      const { host, origin } = request.headers;
      refuseStranger({ host, origin, isSender: isOtlpPath(request) }, this.options);
      if (request.method === 'GET' && pathOf(request) === '/stats') {
        refuseOtherSites(request.headers);
        return answerJson(response, this.stats.read());
      }
      if (this.gate.isOpen && !isOtlpPath(request)) return this.gate.pass(request, response);
      const { service, type, isGzipped } = readRoute(request);
      const form = { isJson: type === JSON_TYPE, isGzipped };
      await this.bodies.read(request, (body) => this.reception.take(service, body, form));
      answerTaken(response, type);
    } catch (error) {
      const refusal = Refusal.from(error);
      this.registry.countRefused(refusal);
      answerRefusal(response, refusal, contentTypeOf(request));
    }
  }

  /** A connection that is reset without a request, or whose keep-alive ends, was no request. */
  #countBrokenRequest({ code }: NodeJS.ErrnoException): void {
    if (code === LATE) {
      this.registry.countRefused({
        reason: 'too_slow',
        message: 'A request did not arrive in time.',
      });
    } else if (code !== 'ECONNRESET') {
      this.registry.countRefused({ reason: 'malformed', message: 'A request is no HTTP.' });
    }
  }
}
