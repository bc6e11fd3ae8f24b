import type { AttributeMap, Origin } from '../../telemetry.interface.js';
import type { FileContent } from '../read-file.js';
import { packMap, type PortableMap } from './portable-map.js';

/** A piece of what a file holds, as one thread hands it to another. */
export type PortableContent = ReturnType<ContentPacker['pack']>;

/** Makes pieces ready for the way; an origin is told with the first piece that has it, and then by its number. */
export class ContentPacker {
  readonly #numbers = new Map<Origin, number>();

  pack({ spans, logs }: FileContent) {
    const known = this.#numbers.size;
    const packed = {
      spans: spans.map((span) => ({
        ...this.#packRecord(span),
        events: span.events.map(packAttributes),
        links: span.links.map(packAttributes),
      })),
      logs: logs.map((log) => this.#packRecord(log)),
    };
    const origins = [...this.#numbers.keys()].slice(known).map((origin) => ({
      service: origin.service,
      resource: packMap(origin.resource),
      scope: packAttributes(origin.scope),
    }));
    return { ...packed, origins };
  }

  #packRecord<T extends { readonly attributes: AttributeMap; readonly origin?: Origin }>(
    record: T,
  ) {
    const { origin, ...rest } = record;
    return { ...packAttributes(rest), origin: origin ? this.#numberOf(origin) : -1 };
  }

  #numberOf(origin: Origin): number {
    const known = this.#numbers.get(origin);
    if (known !== undefined) return known;
    this.#numbers.set(origin, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

function packAttributes<T extends { readonly attributes: AttributeMap }>(
  record: T,
): Omit<T, 'attributes'> & { readonly attributes: PortableMap } {
  return { ...record, attributes: packMap(record.attributes) };
}
