import { EntitySchema, DataSource } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { Variant } from '../measure.js';

/** Where statements go: a database in process, where nothing hides the cost, or a server. */
export type Database = 'sqljs' | 'postgres';

/** What is timed: a raw query, and a look-up by the repository. */
export const KINDS = ['query', 'findOneBy'] as const;
export type Kind = (typeof KINDS)[number];

/** The DataSource as it is, and instrumented. */
export const MAKERS = ['bare', 'traced'] as const;
export type Maker = (typeof MAKERS)[number];

interface Item {
  readonly id: number;
  readonly name: string;
}

const ITEMS = new EntitySchema<Item>({
  name: 'bench_item',
  columns: { id: { type: 'int', primary: true }, name: { type: 'varchar' } },
});

const OPTIONS: Record<Database, DataSourceOptions> = {
  sqljs: { type: 'sqljs', entities: [ITEMS], synchronize: true },
  postgres: {
    type: 'postgres',
    host: '127.0.0.1',
    username: 'postgres',
    database: 'test',
    schema: 'pg_temp',
    entities: [ITEMS],
    poolSize: 1,
  },
};

/** The samples' key of a variant. */
export function variantName(maker: Maker, kind: Kind): `${Maker} ${Kind}` {
  return `${maker} ${kind}`;
}

/** Connects both DataSources; `close` disconnects them. */
export async function connectVariants(
  database: Database,
): Promise<{ variants: Variant[]; close(): Promise<void> }> {
  const bare = await new DataSource(OPTIONS[database]).initialize();
  const traced = await instrumentDataSource(new DataSource(OPTIONS[database])).initialize();
  const kinds = database === 'sqljs' ? KINDS : (['query'] as const);
  const variants = Object.entries({ bare, traced }).flatMap(([maker, dataSource]) =>
    kinds.map((kind) => ({
      name: variantName(maker as Maker, kind),
      call: callOf(dataSource, kind),
    })),
  );
  return {
    variants,
    close: async () => {
      await bare.destroy();
      await traced.destroy();
    },
  };
}

function callOf(dataSource: DataSource, kind: Kind): () => unknown {
  if (kind === 'query') return () => dataSource.query('SELECT 1');
  const items = dataSource.getRepository(ITEMS);
  return () => items.findOneBy({ id: 1 });
}
