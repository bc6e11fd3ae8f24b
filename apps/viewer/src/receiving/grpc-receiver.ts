import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { VIEWER_OPTIONS, type ViewerOptions } from '../options.js';
import { refuseStranger } from './allowed-caller.js';
import { closeSession } from './close-session.js';
import { BodyReader } from './body.reader.js';
import { answerCall, answerCallRefused, readCall, readMessage } from './grpc-call.js';
import { MAX_CONCURRENT_CALLS, MAX_IDLE_MILLIS } from './limits.js';
import { limitConnections, listen, portOf } from './listen.js';
import { OtlpReception } from './otlp/otlp.reception.js';
import { ReceptionRegistry } from './reception.registry.js';
import { Refusal } from './refusal.error.js';

/**
 * Receives OTLP over gRPC from the start of the application to its end.
 *
 * Straight on HTTP/2: the calls of OTLP are unary, and a gRPC server refuses what is too large or
 * broken before anybody can count it, and bounds each message but not all of them together.
 */
@Injectable()
export class GrpcReceiver implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #server: Http2Server;

  constructor(
    private readonly reception: OtlpReception,
    private readonly bodies: BodyReader,
    private readonly registry: ReceptionRegistry,
    @Inject(VIEWER_OPTIONS) private readonly options: ViewerOptions,
  ) {
    this.#server = this.#createServer();
  }

  /** The port it listens on, once the application has started. */
  get port(): number {
    return portOf(this.#server);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { host, isHostGiven, grpcPort: port, isPortAuto: isAuto } = this.options;
    const isLocal = !isHostGiven;
    await listen(this.#server, { host, port, option: '--grpc-port', isAuto, isLocal });
  }

  onApplicationShutdown(): void {
    this.#server.close();
    for (const session of this.#sessions) session.destroy();
  }

  #createServer(): Http2Server {
    const settings = { maxConcurrentStreams: MAX_CONCURRENT_CALLS };
    const server = createServer({ settings, maxHeaderListPairs: 64 });
    limitConnections(server, this.registry);
    return server
      .on('session', (session) => this.#watch(session))
      .on('stream', (stream, headers) => void this.#answer(stream, headers));
  }

  /** A connection without a call ends soon; one that rests between its calls, later and in order. */
  #watch(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    let end = () => session.destroy();
    session.setTimeout(this.options.timeoutMillis, () => end());
    session.once('stream', () => {
      end = () => closeSession(session);
      session.setTimeout(MAX_IDLE_MILLIS);
    });
    session.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNRESET') return;
      this.registry.countRefused({ reason: 'malformed', message: 'A connection is no HTTP/2.' });
    });
    session.once('close', () => this.#sessions.delete(session));
  }

  async #answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    // The body reader listens for errors only while it reads; without a listener they are fatal.
    stream.on('error', () => undefined);
    try {
      const host = headers[':authority'] ?? headers.host;
      refuseStranger({ host, origin: headers.origin, isSender: true }, this.options);
      const service = readCall(headers);
      await this.bodies.read(stream, (body) => {
        const { message, isGzipped } = readMessage(body, headers);
        this.reception.take(service, message, { isJson: false, isGzipped });
      });
      answerCall(stream);
    } catch (error) {
      const refusal = Refusal.from(error);
      this.registry.countRefused(refusal);
      answerCallRefused(stream, refusal);
    }
  }
}
