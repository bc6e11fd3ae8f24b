import { Injectable } from '@nestjs/common';

@Injectable()
export class OrdersClient {
  async list(id: string, { signal }: { signal: AbortSignal }): Promise<readonly string[]> {
    signal.throwIfAborted();
    return [id];
  }
}
