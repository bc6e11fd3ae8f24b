import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  type Relation,
} from 'typeorm';

/** What one shard knows about a key. */
@Entity('lookup_demo_entries')
export class ShardEntry {
  @PrimaryColumn('int')
  shard!: number;

  @PrimaryColumn('text')
  key!: string;

  @Column('text')
  value!: string;

  @ManyToOne(() => KnownKey, (known) => known.entries)
  @JoinColumn({ name: 'key' })
  knownKey!: Relation<KnownKey>;
}

/** A key that some shard knows; in this file because the two name each other. */
@Entity('lookup_demo_keys')
export class KnownKey {
  @PrimaryColumn('text')
  key!: string;

  @OneToMany(() => ShardEntry, (entry) => entry.knownKey)
  entries!: ShardEntry[];
}
