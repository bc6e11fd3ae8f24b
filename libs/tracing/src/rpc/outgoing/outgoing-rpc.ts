import type { DiscoveryService } from '@nestjs/core';
import type { OutgoingRpcOptions } from '../rpc-options.interface.js';
import { findClients } from './find-clients.js';
import { InstrumentedClient } from './instrumented-client.js';
import { installPolicy, outgoingPolicy } from './outgoing-policy.js';
import type { OutgoingPolicy } from './outgoing-policy.js';

/** Traces what the clients of an application send, from its start to its close. */
export class OutgoingRpc {
  readonly #discovery: DiscoveryService;
  readonly #policy: OutgoingPolicy;
  readonly #clients = new Set<InstrumentedClient>();
  readonly #close: () => void;

  constructor(
    discovery: DiscoveryService,
    options: Required<OutgoingRpcOptions>,
    say: (message: string) => void,
  ) {
    this.#discovery = discovery;
    this.#policy = outgoingPolicy(options, say);
    this.#close = installPolicy(this.#policy);
  }

  /** Looks for clients. To be called again when more may have been made. */
  findClients(): void {
    for (const client of findClients(this.#discovery)) {
      const found = InstrumentedClient.of(client);
      found.follow(this.#policy);
      this.#clients.add(found);
    }
  }

  /** Lets all clients be what they were. */
  stop(): void {
    this.#close();
    for (const client of this.#clients) client.leave(this.#policy);
    this.#clients.clear();
  }
}
