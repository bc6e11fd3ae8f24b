import { Injectable } from '@nestjs/common';
import { Traced } from 'nestjs-tracing';

@Injectable()
export class LookupService {
  @Traced({ attributes: (key: string) => ({ 'request.key': key }) })
  async handle(key: string): Promise<readonly string[]> {
    return Promise.all([this.query(0, key), this.query(1, key)]);
  }

  @Traced({ name: 'query shard', attributes: (shard: number) => ({ 'db.shard': shard }) })
  async query(shard: number, key: string): Promise<string> {
    return `${key} of shard ${shard}`;
  }
}
