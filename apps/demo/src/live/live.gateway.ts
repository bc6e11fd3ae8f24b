import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { WsResponse } from '@nestjs/websockets';
import { LookupService, type Lookup } from '../lookup/lookup.service.js';

/** Looks keys up for the page, each message in a trace of its own. */
@WebSocketGateway({ path: '/live/socket' })
export class LiveGateway {
  constructor(private readonly lookups: LookupService) {}

  @SubscribeMessage('lookup')
  async find(@MessageBody() key: string): Promise<WsResponse<Lookup>> {
    return { event: 'found', data: await this.lookups.handle(key) };
  }
}
