import { Module } from '@nestjs/common';
import { TracedTypeOrmModule } from 'nestjs-tracing/typeorm';
import { ENTITIES, prepareDatabase } from './prepare-database.js';

/** PostgreSQL through TypeORM. */
@Module({
  imports: [
    TracedTypeOrmModule.forRootAsync(
      {
        useFactory: async () => {
          const url = databaseUrl();
          await prepareDatabase(url);
          return { type: 'postgres', url, entities: ENTITIES, poolSize: 4 };
        },
      },
      { slowQueryMillis: 200, repeatedQueries: 5 },
    ),
  ],
})
export class DatabaseModule {}

function databaseUrl(): string {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL) return DATABASE_URL;
  throw new Error('DATABASE_URL is not set: give the URL of a PostgreSQL, as postgres://…');
}
