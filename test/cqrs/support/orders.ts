import { setTimeout as sleep } from 'node:timers/promises';
import { trace } from '@opentelemetry/api';

const tracer = trace.getTracer('test');

/** Some work of a handler, as a statement would be. */
export async function work(name: string, millis = 1): Promise<void> {
  await sleep(millis);
  tracer.startSpan(name).end();
}

export class PlaceOrder {
  constructor(readonly id: string) {}
}

export class ShipOrder {
  constructor(readonly id: string) {}
}

export class FindOrder {
  constructor(readonly id: string) {}
}

export class OrderPlaced {
  constructor(readonly id: string) {}
}

export class OrderPaid {
  constructor(readonly id: string) {}
}
