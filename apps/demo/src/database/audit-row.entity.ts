import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One lookup, as the audit remembers it. */
@Entity('lookup_demo_audits')
export class AuditRow {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('text')
  key!: string;

  @Column('int')
  hits!: number;

  @CreateDateColumn({ name: 'written_at' })
  writtenAt!: Date;
}
