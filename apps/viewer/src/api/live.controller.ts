import type { ServerResponse } from 'node:http';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { readSearch } from '../search/read-search.js';
import { readText } from './list-query.js';
import { LiveFeed, type LivePosition } from './live-feed.js';

const POSITION = /^([0-9a-f-]{36})\/(\d{1,15})$/;

/** What changes, as server-sent events. */
@Controller('api/live')
export class LiveController {
  constructor(private readonly feed: LiveFeed) {}

  @Get()
  open(
    @Query() { q, session, after }: Record<string, unknown>,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() response: ServerResponse,
  ): void {
    const given = `${readText(session)}/${readText(after)}`;
    this.feed.open(response, readSearch(readText(q)), readPosition(lastEventId ?? given));
  }
}

/** Where nobody can be is where one must begin again. */
function readPosition(text: string): LivePosition {
  const [, session = '', at = '0'] = POSITION.exec(text) ?? [];
  return { session, at: Number(at) };
}
