import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What one shard knows about a key. */
@Entity('lookup_demo_entries')
export class ShardEntry {
  @PrimaryColumn('int')
  shard!: number;

  @PrimaryColumn('text')
  key!: string;

  @Column('text')
  value!: string;
}
