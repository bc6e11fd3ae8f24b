import { Module } from '@nestjs/common';
import { TracedTypeOrmModule } from 'nestjs-tracing/typeorm';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import { ENTITIES, prepareDatabase } from './prepare-database.js';

/** PostgreSQL through TypeORM: the server at `DATABASE_URL`, else an embedded one. */
@Module({
  imports: [
    TracedTypeOrmModule.forRootAsync(
      {
        useFactory: async () => {
          const url = process.env['DATABASE_URL'] ?? (await startEmbeddedPostgres());
          await prepareDatabase(url);
          return { type: 'postgres', url, entities: ENTITIES, poolSize: 4 };
        },
      },
      { slowQueryMillis: 200, repeatedQueries: 5 },
    ),
  ],
})
export class DatabaseModule {}
