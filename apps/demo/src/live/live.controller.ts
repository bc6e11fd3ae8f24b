import { Controller, Get, Header } from '@nestjs/common';
import { LIVE_PAGE } from './live.page.js';

/** Serves the page that asks through a WebSocket. */
@Controller('live')
export class LiveController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  page(): string {
    return LIVE_PAGE;
  }
}
