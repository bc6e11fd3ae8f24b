import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, ModuleRef } from '@nestjs/core';
import { isObject } from '../span/is-object.js';
import { GatewayTracing } from './gateway-tracing.js';
import { Gateways } from './gateways.js';
import { shadow } from './shadow.js';
import { installTracer } from './traced-adapter.js';
import type { ResolvedWebSocketOptions } from './websocket.schema.js';

/** The way to the adapter: Nest injects nothing that knows it. */
interface ContainerOwner {
  readonly container?: { readonly applicationConfig?: object };
}

const NO_CONFIG =
  'Messages of gateways are traced only with an adapter of your own, as this Nest hides the default one: ' +
  'call app.useWebSocketAdapter(tracedAdapter(new IoAdapter(app))).';

/** Traces the messages that come to an application's gateways. */
@Injectable()
export class WebSocketTracing {
  readonly #discovery: DiscoveryService;
  readonly #moduleRef: ModuleRef;
  readonly #undo: (() => void)[] = [];
  #tracing: GatewayTracing | undefined;
  #events: readonly string[] | undefined;

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(ModuleRef) moduleRef: ModuleRef,
  ) {
    this.#discovery = discovery;
    this.#moduleRef = moduleRef;
  }

  /** Called while Nest makes its modules, when every class is known and none is in use. */
  start(options: ResolvedWebSocketOptions, say: (message: string) => void): void {
    if (options === undefined) return;
    const gateways = new Gateways(this.#discovery.getProviders());
    this.#events = gateways.events;
    if (gateways.count === 0) return;
    const tracing = new GatewayTracing(gateways, options, say);
    this.#tracing = tracing;
    this.#undo.push(installTracer(tracing), () => gateways.stop());
    const config = (this.#moduleRef as unknown as ContainerOwner).container?.applicationConfig;
    const undo = config && followAdapters(config, tracing);
    if (undo === undefined) say(NO_CONFIG);
    else this.#undo.push(undo);
  }

  /** The events of the application's gateways, if they are traced. */
  get events(): readonly string[] | undefined {
    return this.#events;
  }

  /** Nest has run the hooks of module start: all that modules make is there. */
  finishStart(): void {}

  /** The application closes: waits for what runs, within a deadline, and takes out what was put in. */
  async stop(deadlineMillis: number): Promise<void> {
    await this.#tracing?.stop(deadlineMillis);
    for (const undo of this.#undo.splice(0)) undo();
  }
}

/** Nest asks its configuration for the adapter each time; the default one is made when it is needed. */
function followAdapters(config: object, tracing: GatewayTracing): (() => void) | undefined {
  return shadow(config, 'getIoAdapter', (getIoAdapter) => () => {
    const adapter = getIoAdapter();
    if (isObject(adapter)) tracing.trace(adapter);
    return adapter;
  });
}
