import { Column, DataSource, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { DataSourceOptions } from 'typeorm';

/** The one table of the unit tests. */
@Entity()
export class Note {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', unique: true })
  title!: string;
}

/** Options of an SQLite database in memory. */
export const NOTE_OPTIONS = {
  type: 'sqljs',
  entities: [Note],
  synchronize: true,
} as const satisfies DataSourceOptions;

/** A DataSource that has not connected yet. */
export function noteSource(options: Partial<DataSourceOptions> = {}): DataSource {
  return new DataSource({ ...NOTE_OPTIONS, ...options } as DataSourceOptions);
}
