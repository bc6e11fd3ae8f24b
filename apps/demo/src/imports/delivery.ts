import type { ShardEntry } from '../database/shard-entry.entity.js';

/** An entry as it is delivered. */
export type Delivered = Pick<ShardEntry, 'shard' | 'key' | 'value'>;

/** What another system would deliver for a key. Shard 1 comes twice, so that a refusal can be watched. */
export function deliveryFor(key: string): readonly Delivered[] {
  return [0, 1, 1].map((shard) => ({ shard, key, value: `import of ${key}` }));
}
