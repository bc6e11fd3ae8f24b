import type { WebSocketAdapter } from '@nestjs/common';
import { processSlot } from '../process-slot.js';

/** Traces adapters, for an application. */
interface AdapterTracer {
  trace(adapter: object): void;
}

/** The application that was made last and has gateways. */
const tracer = processSlot('websocket tracing', (): AdapterTracer | undefined => undefined);

/** From now on adapters are traced by this, until the function that is returned is called. */
export function installTracer(next: AdapterTracer): () => void {
  return tracer.install(next);
}

/**
 * Traces a WebSocket adapter, of whatever class. Not needed in general: `TracingModule` finds the adapter
 * of its application by itself. It is for a Nest that hides it, which a line in the log tells.
 *
 * Each message has a span, from when the adapter has read it until the gateway's handler, and what it
 * returns, has ended. To be called once the application is made and before it is started; without
 * `TracingModule`, without gateways or with `websockets: false` nothing is done.
 *
 * @param adapter has methods put over its own, until the application closes; its class stays as it is
 * @returns the same adapter
 *
 * @example
 * ```ts
 * const app = await NestFactory.create(AppModule);
 * app.useWebSocketAdapter(tracedAdapter(new WsAdapter(app)));
 * await app.listen(3000);
 * ```
 */
export function tracedAdapter<T extends WebSocketAdapter>(adapter: T): T {
  tracer.current?.trace(adapter);
  return adapter;
}
