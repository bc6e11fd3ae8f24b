import type { ModulesContainer } from '@nestjs/core';
import type { Entry } from '../../../entry/entry.js';
import { OpenEntries } from '../../../entry/open-entries.js';
import { guard } from '../../../span/guard.js';
import { RPC, describeGrpcCall, transportName } from '../../conventions.js';
import type { IncomingRpcOptions } from '../../rpc-options.interface.js';
import { matcherOf } from '../../../validation/patterns.js';
import type { IgnorePattern } from '../../incoming/registered-handler.js';
import { StandIns } from '../../stand-ins.js';
import { grpcMethod } from '../grpc-method.js';
import { interceptWith } from '../interceptors.js';
import { isWrapped } from '../../wrapped.js';
import { callEntry } from './call-entry.js';
import { ignoreCall, traceCall } from './server-call.js';
import type { ServerCall } from './server-call.js';
import { watchUnknownMethods } from './unknown-methods.js';

/** A server of Nest's, as far as it is looked at. */
interface NestGrpcServer {
  readonly transportId?: unknown;
  readonly options?: object;
  /** The server of `@grpc/grpc-js`, from its start. */
  readonly grpcClient?: object | null;
}

type Options = Required<IncomingRpcOptions>;

/**
 * Traces the calls that come to an application's servers of gRPC, by an interceptor before those of the
 * application: all that a call runs, runs in its context.
 */
export class GrpcServers {
  readonly #options: Options;
  readonly #ignores: IgnorePattern;
  readonly #open: OpenEntries;
  readonly #standIns = new StandIns();
  readonly #say: (message: string) => void;
  readonly #shutDown = new WeakSet<object>();
  #isStopped = false;
  #isSaid = false;

  constructor(options: Options, say: (message: string) => void) {
    this.#options = options;
    this.#ignores = matcherOf(options.ignore);
    this.#open = new OpenEntries({ maxDurationMillis: options.maxDurationMillis, say });
    this.#say = say;
  }

  /** Nest tells of every server before it listens; a Nest that does not has been told of. */
  start(modules: ModulesContainer): void {
    if (typeof modules.getRpcTargetRegistry !== 'function') return;
    const servers = modules.getRpcTargetRegistry().subscribe((server: unknown) => {
      guard('tracing a server', () => this.#trace(server as NestGrpcServer));
    });
    this.#standIns.add(() => servers.unsubscribe());
  }

  /** The application closes: waits for what runs, within a deadline, and takes out what was put in. */
  async stop(deadlineMillis: number): Promise<void> {
    await this.#open.stop(deadlineMillis);
    this.#isStopped = true;
    this.#standIns.takeOut();
  }

  #trace(server: NestGrpcServer): void {
    if (transportName(server.transportId) !== 'grpc') return;
    const intercept = ({ path }: { readonly path: string }, call: ServerCall): ServerCall => {
      guard('tracing a call', () => this.#intercept(server, grpcMethod(path), call));
      return call;
    };
    this.#standIns.add(interceptWith(server, intercept));
    this.#standIns.put(server, 'start', (original, args) => {
      guard('tracing a server', () => this.#watch(server));
      return original(args);
    });
  }

  #intercept(server: NestGrpcServer, method: string, call: ServerCall): void {
    if (this.#isStopped || this.#isForeign(server)) return;
    if (this.#ignores(method)) return ignoreCall(call);
    const start = describeGrpcCall(method);
    const open = (metadata: object): Entry => {
      const entry = callEntry(start, metadata, this.#options.trust, { kind: 'grpc', name: method });
      this.#open.add(entry);
      return entry;
    };
    traceCall(call, open, () => this.#shutDown.has(server));
  }

  #watch(server: NestGrpcServer): void {
    this.#standIns.put(server.grpcClient ?? {}, 'forceShutdown', (original, args) => {
      this.#shutDown.add(server);
      return original(args);
    });
    const unwatch = watchUnknownMethods(server.grpcClient ?? {}, (path, headers) => {
      if (this.#isForeign(server)) return;
      const start = describeGrpcCall(undefined, grpcMethod(path));
      const entry = callEntry(start, headers, this.#options.trust);
      entry.span?.setAttribute(RPC.statusCode, 'UNIMPLEMENTED');
      entry.failAs('UNIMPLEMENTED', true, 'the server does not have this method');
    });
    this.#standIns.add(unwatch);
  }

  /** instrumentation-grpc wraps the handlers that a server registers, and opens its span there. */
  #isForeign({ grpcClient }: NestGrpcServer): boolean {
    if (!isWrapped(grpcClient, 'register')) return false;
    if (!this.#isSaid) this.#say(FOREIGN);
    this.#isSaid = true;
    return true;
  }
}

const FOREIGN =
  'Another instrumentation traces the gRPC calls that come in, so this package opens no SERVER spans ' +
  'for them. Remove it (sdk.instrumentations, or the preload that brings it) to have ours, or set ' +
  'microservices.incoming to false to leave it so without this message.';
