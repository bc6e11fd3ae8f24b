import type { ReceivedSpan } from '../telemetry.interface.js';

/** Numbers of what sent a span: its service, and the clock of its process. */
interface Sender {
  readonly service: number;
  readonly clock: number;
}

/** Tells senders apart. Few of them, many spans: what is asked of each is asked once. */
export class Senders {
  readonly #services = new Map<string, number>();
  readonly #clocks = new Map<string, number>();
  readonly #known = new Map<ReceivedSpan['origin'] | string, Sender>();
  /** Spans mostly come after others of their sender. */
  #origin: ReceivedSpan['origin'];
  #last: Sender | undefined;

  /** In the order of their first spans. */
  get services(): readonly string[] {
    return [...this.#services.keys()];
  }

  of(span: ReceivedSpan): Sender {
    const { origin, service } = span;
    if (this.#last && origin !== undefined && origin === this.#origin) return this.#last;
    const key = origin ?? service;
    const sender = this.#known.get(key) ?? this.#read(span);
    this.#known.set(key, sender);
    this.#origin = origin;
    this.#last = sender;
    return sender;
  }

  #read(span: ReceivedSpan): Sender {
    return {
      service: numberIn(this.#services, span.service),
      clock: numberIn(this.#clocks, clockOf(span)),
    };
  }
}

/** The number of a text, the next one if it is new. */
export function numberIn(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}

function clockOf({ service, origin }: ReceivedSpan): string {
  const { 'service.instance.id': instance, 'host.name': host } = origin?.resource ?? {};
  return JSON.stringify([service, instance ?? host ?? '']);
}
