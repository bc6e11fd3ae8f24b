export { TracedTypeOrmModule } from './traced-typeorm.module.js';
export { tracedDataSource } from './traced-data-source.js';
export { instrumentDataSource } from './instrument-data-source.js';
export type {
  StatementIgnoreRule as IgnoreRule,
  IssuedStatement,
  TypeOrmTracingOptions,
} from './typeorm-tracing.options.js';
