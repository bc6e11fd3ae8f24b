import { DataSource } from 'typeorm';
import { AuditRow } from './audit-row.entity.js';
import { KnownKey, ShardEntry } from './shard-entry.entity.js';

/** The tables of the demo. */
export const ENTITIES = [KnownKey, ShardEntry, AuditRow];

const SHARDS = ['profile', 'orders', 'settings'];
const KEYS = ['user:1', 'user:7', 'user:42', 'user:77', 'user:99'];
const SEED = KEYS.flatMap((key) =>
  SHARDS.map((content, shard) => ({ shard, key, value: `${content} of ${key}` })),
);

/** Creates and seeds the tables, as a deployment would before it starts the service: untraced. */
export async function prepareDatabase(url: string): Promise<void> {
  const options = { type: 'postgres', url, entities: ENTITIES, synchronize: true } as const;
  const dataSource = await new DataSource(options).initialize();
  const keys = KEYS.map((key) => ({ key }));
  await dataSource.getRepository(KnownKey).upsert(keys, ['key']);
  await dataSource.getRepository(ShardEntry).upsert(SEED, ['shard', 'key']);
  await dataSource.destroy();
}
