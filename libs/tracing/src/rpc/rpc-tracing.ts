import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { GrpcServers } from './grpc/incoming/grpc-servers.js';
import { IncomingRpc } from './incoming/incoming-rpc.js';
import { OutgoingRpc } from './outgoing/outgoing-rpc.js';
import type { ResolvedRpcOptions } from './rpc.schema.js';

/** Traces an application's microservices, both sides. */
@Injectable()
export class RpcTracing implements OnModuleInit {
  readonly #discovery: DiscoveryService;
  readonly #modules: ModulesContainer;
  #incoming: IncomingRpc | undefined;
  #grpc: GrpcServers | undefined;
  #outgoing: OutgoingRpc | undefined;

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#discovery = discovery;
    this.#modules = modules;
  }

  /** Called while Nest makes its modules, when every class is known and none is in use. */
  start({ incoming, outgoing }: ResolvedRpcOptions, say: (message: string) => void): void {
    const application = { discovery: this.#discovery, modules: this.#modules };
    this.#incoming = incoming && new IncomingRpc(application, incoming, say);
    this.#incoming?.start();
    this.#grpc = incoming && new GrpcServers(incoming, say);
    this.#grpc?.start(this.#modules);
    this.#outgoing = outgoing && new OutgoingRpc(this.#discovery, outgoing, say);
    this.#outgoing?.findClients();
  }

  /** Nest has made what factories make, and the properties with `@Client()`. */
  onModuleInit(): void {
    this.#outgoing?.findClients();
  }

  /** Nest has run the hooks of module start: all that modules make is there. */
  finishStart(): void {
    this.#outgoing?.findClients();
  }

  /** The application closes: waits for what runs, within a deadline, and takes out what was put in. */
  async stop(deadlineMillis: number): Promise<void> {
    await Promise.all([this.#incoming?.stop(deadlineMillis), this.#grpc?.stop(deadlineMillis)]);
    this.#outgoing?.stop();
  }
}
