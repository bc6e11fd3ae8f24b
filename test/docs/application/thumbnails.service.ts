import { Injectable } from '@nestjs/common';

@Injectable()
export class ThumbnailsService {
  async make(file: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    return `${file}.png`;
  }
}
