import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { DynamicModule, INestApplication, ModuleMetadata } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LoggerModule } from 'nestjs-pino';
import type { Params } from 'nestjs-pino';
import { TracingModule } from 'nestjs-tracing';
import { openServerSpans } from './server-spans.js';

/** The HTTP adapters that every log behaviour must hold on. */
export const PLATFORMS = ['express', 'fastify'] as const;

export type Platform = (typeof PLATFORMS)[number];

/** A log line as it was written and as it reads. */
export interface LogLine {
  readonly raw: string;
  readonly msg: string;
  readonly trace_id?: string;
  readonly span_id?: string;
  readonly trace_flags?: string;
  readonly [field: string]: unknown;
}

export interface LogAppOptions extends Pick<ModuleMetadata, 'controllers' | 'providers'> {
  /** nestjs-pino's parameters, given the stream that the test reads. */
  readonly params: (stream: Writable) => Params;
  /** Options of the Fastify adapter, given that stream. */
  readonly fastify?: (stream: Writable) => object;
  /** Whether `LoggerModule.forRootAsync` is used. Default: false. */
  readonly async?: boolean;
  /** Who opens the SERVER span of each request: a stand-in of the test (default), the module, nobody. */
  readonly serverSpans?: 'stand-in' | 'module' | 'none';
}

/**
 * nestjs-pino's default, `{/*splat}`, matches no path on platform-fastify 12.5.0: middie compares it
 * as `/{/*splat}`, so its middleware never runs.
 */
const ALL_ROUTES = ['*splat'];

/** What pino wrote into a stream. */
export class LogCapture extends Writable {
  readonly lines: LogLine[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const raw = chunk.toString();
    this.lines.push({ ...(JSON.parse(raw) as LogLine), raw });
    done();
  }

  /** The first line with this message; waits for it, as the closing line follows the response. */
  async line(msg: string): Promise<LogLine> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const found = this.lines.find((line) => line.msg === msg);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`No line "${msg}" among:\n${this.lines.map(({ raw }) => raw).join('')}`);
  }
}

/** A listening application that logs through nestjs-pino into memory. */
export class LogApp {
  readonly #app: INestApplication;
  readonly #capture: LogCapture;

  private constructor(app: INestApplication, capture: LogCapture) {
    this.#app = app;
    this.#capture = capture;
  }

  static async start(platform: Platform, options: LogAppOptions): Promise<LogApp> {
    await resetNestjsPino();
    const capture = new LogCapture();
    const { controllers = [], providers = [], serverSpans = 'stand-in' } = options;
    const http = { incoming: serverSpans === 'module', outgoing: false };
    const moduleRef = await Test.createTestingModule({
      imports: [TracingModule.forRoot({ http, watchdog: false }), loggerModule(options, capture)],
      controllers,
      providers,
    }).compile();
    const app = moduleRef.createNestApplication(
      platform === 'express'
        ? new ExpressAdapter()
        : new FastifyAdapter(options.fastify?.(capture) ?? {}),
      { logger: false },
    );
    await app.listen(0, '127.0.0.1');
    if (serverSpans === 'stand-in') openServerSpans(app.getHttpServer() as Server);
    return new LogApp(app, capture);
  }

  get lines(): readonly LogLine[] {
    return this.#capture.lines;
  }

  /** Nest's own face of the application, for `useLogger` and `get`. */
  get nest(): INestApplication {
    return this.#app;
  }

  url(path: string): string {
    const { port } = (this.#app.getHttpServer() as Server).address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  /** Sends a GET request and answers its body. */
  async get(path: string): Promise<string> {
    const response = await fetch(this.url(path));
    return response.text();
  }

  line(msg: string): Promise<LogLine> {
    return this.#capture.line(msg);
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}

function loggerModule(options: LogAppOptions, capture: LogCapture): DynamicModule {
  const params = (): Params => ({ forRoutes: ALL_ROUTES, ...options.params(capture) });
  return options.async === true
    ? LoggerModule.forRootAsync({ useFactory: () => Promise.resolve(params()) })
    : LoggerModule.forRoot(params());
}

/**
 * nestjs-pino keeps the first root logger of the process for good; this is its own reset for tests,
 * which its package does not export.
 */
async function resetNestjsPino(): Promise<void> {
  const file = new URL('../../../node_modules/nestjs-pino/dist/esm/PinoLogger.js', import.meta.url);
  const module = (await import(file.href)) as { __resetOutOfContextForTests(): void };
  module.__resetOutOfContextForTests();
}
