import type { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { prepareHandlers } from '../../entry/handlers.js';
import { OpenEntries } from '../../entry/open-entries.js';
import { guard } from '../../span/guard.js';
import { transportName } from '../conventions.js';
import type { IncomingRpcOptions } from '../rpc-options.interface.js';
import { Acknowledgements } from './acknowledgements.js';
import { ForeignConsumers } from './foreign-consumers.js';
import type { IncomingSettings } from './incoming-settings.js';
import { matcherOf } from '../../validation/patterns.js';
import { isRpcServer } from './rpc-server.js';
import { TracedServer } from './traced-server.js';
import { UnhandledMessages } from './unhandled-messages.js';

/** Where `@MessagePattern()` and `@EventPattern()` note that a method is a handler. */
const HANDLER_METADATA = 'microservices:handler_type';

/** The part of an application that is looked at. */
interface RpcApplication {
  readonly discovery: DiscoveryService;
  readonly modules: ModulesContainer;
}

/**
 * Traces the messages that come to an application's servers. Nest tells of every server before it has
 * handlers, hybrid applications' and those of strategies of their own included.
 */
export class IncomingRpc {
  readonly #application: RpcApplication;
  readonly #settings: IncomingSettings;
  readonly #say: (message: string) => void;
  readonly #servers = new Set<TracedServer>();
  readonly #undo: (() => void)[] = [];

  constructor(
    application: RpcApplication,
    options: Required<IncomingRpcOptions>,
    say: (message: string) => void,
  ) {
    this.#application = application;
    this.#say = say;
    const { maxDurationMillis } = options;
    this.#settings = {
      options,
      ignores: matcherOf(options.ignore),
      open: new OpenEntries({ maxDurationMillis, say }),
      acknowledgements: new Acknowledgements(),
      unhandled: new UnhandledMessages(options),
      foreign: new ForeignConsumers(say),
    };
  }

  /** Nest knows every class and has made no server. */
  start(): void {
    const { discovery, modules } = this.#application;
    this.#undo.push(prepareHandlers(discovery.getControllers(), isHandler));
    if (typeof modules.getRpcTargetRegistry !== 'function') {
      if (this.#hasHandlers()) this.#say(TOO_OLD);
      return;
    }
    const servers = modules.getRpcTargetRegistry().subscribe((server: unknown) => {
      guard('tracing a server', () => this.#trace(server));
    });
    this.#undo.push(() => servers.unsubscribe());
  }

  /** The application closes: waits for what runs, within a deadline, and takes out what was put in. */
  async stop(deadlineMillis: number): Promise<void> {
    await this.#settings.open.stop(deadlineMillis);
    for (const server of this.#servers) server.stop();
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Calls of gRPC have a way in of their own. */
  #trace(server: unknown): void {
    if (!isRpcServer(server) || transportName(server.transportId) === 'grpc') return;
    this.#servers.add(new TracedServer(server, this.#settings));
  }

  #hasHandlers(): boolean {
    return this.#application.discovery.getControllers().some(({ metatype }) => {
      const prototype = (metatype as { prototype?: object } | null)?.prototype ?? {};
      const methods = Object.values(Object.getOwnPropertyDescriptors(prototype));
      return methods.some(({ value }) => typeof value === 'function' && isHandler(value as object));
    });
  }
}

const TOO_OLD =
  'Messages that come in are not traced: this version of Nest does not tell of its servers. ' +
  'Use @nestjs/core 11.1.4 or later, or set microservices.incoming to false.';

function isHandler(method: object): boolean {
  return Reflect.hasMetadata(HANDLER_METADATA, method);
}
