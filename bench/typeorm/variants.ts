import type { Attributes } from '@opentelemetry/api';
import { DataSource, EntitySchema } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';
import { instrumentDataSource } from 'nestjs-tracing/typeorm';
import type { Variant } from '../measure.js';
import { byHand } from './by-hand.js';
import { loadContribTypeOrm } from './contrib.js';
import type { TypeOrm } from './contrib.js';

/** Where statements go: a database in process, where nothing hides the cost, or a server. */
export type Database = 'sqljs' | 'postgres';

/** What is timed: a raw query, and a look-up by the repository. */
export const KINDS = ['query', 'findOneBy'] as const;
export type Kind = (typeof KINDS)[number];

/** The DataSource as it is, instrumented by us and by contrib, and with a span written by hand. */
export const MAKERS = ['bare', 'traced', 'contrib', 'handWritten'] as const;
export type Maker = (typeof MAKERS)[number];

interface Item {
  readonly id: number;
  readonly name: string;
}

interface Connected {
  readonly dataSource: DataSource;
  readonly call: (kind: Kind) => () => Promise<unknown>;
}

/** What our own spans say of the two statements, for those that are written by hand. */
const ATTRIBUTES: Record<Database, Attributes> = {
  sqljs: { 'db.system.name': 'sqlite' },
  postgres: {
    'db.system.name': 'postgresql',
    'db.namespace': 'test|pg_temp',
    'server.address': '127.0.0.1',
    'typeorm.connection.wait_ms': 0.01,
  },
};

const STATEMENTS: Record<Kind, { readonly summary: string; readonly text: string }> = {
  query: { summary: 'SELECT', text: 'SELECT ?' },
  findOneBy: {
    summary: 'SELECT "bench_item"',
    text: 'SELECT "bench_item"."id" AS "bench_item_id", "bench_item"."name" AS "bench_item_name" FROM "bench_item" "bench_item" WHERE (("bench_item"."id" = ?)) LIMIT 1',
  },
};

/** The samples' key of a variant. */
export function variantName(maker: Maker, kind: Kind): `${Maker} ${Kind}` {
  return `${maker} ${kind}`;
}

/** Connects a DataSource for each maker; `close` disconnects them. */
export async function connectVariants(
  database: Database,
): Promise<{ variants: Variant[]; close(): Promise<void> }> {
  const own = { DataSource, EntitySchema };
  const bare = await connect(own, database);
  const connected: Record<Maker, Connected> = {
    bare,
    traced: await connect(own, database, instrumentDataSource),
    contrib: await connect(loadContribTypeOrm(), database),
    handWritten: { ...bare, call: (kind) => handWritten(database, kind, bare.call(kind)) },
  };
  const kinds = database === 'sqljs' ? KINDS : (['query'] as const);
  const variants = MAKERS.flatMap((maker) =>
    kinds.map((kind) => ({ name: variantName(maker, kind), call: connected[maker].call(kind) })),
  );
  return {
    variants,
    close: async () => {
      for (const maker of ['bare', 'traced', 'contrib'] as const)
        await connected[maker].dataSource.destroy();
    },
  };
}

async function connect(
  typeOrm: TypeOrm,
  database: Database,
  instrument = (dataSource: DataSource): DataSource => dataSource,
): Promise<Connected> {
  const items = new typeOrm.EntitySchema<Item>({
    name: 'bench_item',
    columns: { id: { type: 'int', primary: true }, name: { type: 'varchar' } },
  });
  const options = { ...optionsOf(database), entities: [items] } as DataSourceOptions;
  const dataSource = await instrument(new typeOrm.DataSource(options)).initialize();
  const repository = dataSource.getRepository(items);
  const calls: Record<Kind, () => Promise<unknown>> = {
    query: () => dataSource.query('SELECT 1'),
    findOneBy: () => repository.findOneBy({ id: 1 }),
  };
  return { dataSource, call: (kind) => calls[kind] };
}

function optionsOf(database: Database): DataSourceOptions {
  if (database === 'sqljs') return { type: 'sqljs', synchronize: true };
  return {
    type: 'postgres',
    host: '127.0.0.1',
    username: 'postgres',
    database: 'test',
    schema: 'pg_temp',
    poolSize: 1,
  };
}

function handWritten(
  database: Database,
  kind: Kind,
  call: () => Promise<unknown>,
): () => Promise<unknown> {
  const { summary, text } = STATEMENTS[kind];
  const attributes = {
    ...ATTRIBUTES[database],
    'db.query.summary': summary,
    'db.query.text': text,
  };
  return byHand(summary, attributes, call);
}
