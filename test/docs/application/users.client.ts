import { Injectable } from '@nestjs/common';

@Injectable()
export class UsersClient {
  async find(id: string, { signal }: { signal: AbortSignal }): Promise<{ id: string }> {
    signal.throwIfAborted();
    return { id };
  }
}
