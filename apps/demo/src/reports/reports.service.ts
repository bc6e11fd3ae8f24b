import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Traced } from 'nestjs-tracing';
import { DataSource } from 'typeorm';

/** Stands in for the disk that a table of real size would be read from. */
const SCAN_SECONDS = 0.3;
const COUNT_ENTRIES = `
  SELECT shard, count(*)::int AS entries
  FROM lookup_demo_entries CROSS JOIN (SELECT pg_sleep($1)) AS disk
  GROUP BY shard ORDER BY shard`;

/** How much one shard holds. */
export interface ShardReport {
  readonly shard: number;
  readonly entries: number;
}

/** Counts what is stored, by a query that is too slow: its span says so. */
@Injectable()
export class ReportsService {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Traced('report shards')
  reportShards(): Promise<ShardReport[]> {
    return this.dataSource.query(COUNT_ENTRIES, [SCAN_SECONDS]);
  }
}
