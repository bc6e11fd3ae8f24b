import { Injectable } from '@nestjs/common';

@Injectable()
export class SearchIndex {
  async add(_id: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
  }
}
