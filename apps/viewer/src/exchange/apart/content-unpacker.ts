import type { AttributeMap, Origin } from '../../telemetry.interface.js';
import type { FileContent } from '../read-file.js';
import type { PortableContent } from './content-packer.js';
import { unpackMap, type PortableMap } from './portable-map.js';

/** Makes pieces what they were before they were packed, in the order in which they were. */
export class ContentUnpacker {
  readonly #origins: Origin[] = [];

  unpack({ spans, logs, origins }: PortableContent): FileContent {
    for (const { service, resource, scope } of origins) {
      this.#origins.push({
        service,
        resource: unpackMap(resource),
        scope: unpackAttributes(scope),
      });
    }
    return {
      spans: spans.map(({ events, links, ...span }) => ({
        ...this.#unpackRecord(span),
        events: events.map(unpackAttributes),
        links: links.map(unpackAttributes),
      })),
      logs: logs.map((log) => this.#unpackRecord(log)),
    };
  }

  #unpackRecord<T extends { readonly attributes: PortableMap; readonly origin: number }>(
    record: T,
  ) {
    const { origin: number, ...rest } = record;
    const origin = this.#origins[number];
    return { ...unpackAttributes(rest), ...(origin ? { origin } : {}) };
  }
}

function unpackAttributes<T extends { readonly attributes: PortableMap }>(
  record: T,
): Omit<T, 'attributes'> & { readonly attributes: AttributeMap } {
  return { ...record, attributes: unpackMap(record.attributes) };
}
