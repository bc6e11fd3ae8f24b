import { ServiceUnavailableException } from '@nestjs/common';

/** A shard could not be reached: the request is answered with 503. */
export class ShardUnavailableException extends ServiceUnavailableException {
  constructor(shard: number) {
    super(`Shard ${shard} is unavailable.`);
  }
}
