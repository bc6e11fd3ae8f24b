import type { ServerResponse } from 'node:http';
import {
  BadRequestException,
  ConflictException,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  NotFoundException,
  Param,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { spanDetail } from '../detail/span-detail.js';
import { traceFile } from '../exchange/trace-file.js';
import { JSON_TYPE } from '../receiving/http-answer.js';
import type { StoredTrace } from '../store/stored-trace.js';
import { TraceStore } from '../store/trace-store.js';
import type { SpanDetail } from '../wire/span-detail.interface.js';
import type { TraceList } from '../wire/trace-list.interface.js';
import { KeptDetails } from './kept-details.js';
import { readListQuery } from './list-query.js';
import { TraceListing } from './trace-listing.js';

/** Traces, as the page and others read them. */
@Controller('api/traces')
export class TracesController {
  constructor(
    private readonly store: TraceStore,
    private readonly listing: TraceListing,
    private readonly details: KeptDetails,
  ) {}

  @Get()
  list(@Query() query: Record<string, unknown>): Promise<TraceList> {
    return this.listing.list(readListQuery(query));
  }

  /** `:id`, or `:id.otlp.json`, `:id.chrome.json`, `:id.txt`. */
  @Get(':name')
  one(
    @Param('name') address: string,
    @Query('download') download: unknown,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) response: ServerResponse,
  ): string {
    const [id, ...form] = address.split('.');
    const trace = this.#find(id!);
    if (form.length === 0) return this.#detail(trace, known, response);
    const file = traceFile(trace, this.store, form.join('.'));
    if (!file)
      throw new NotFoundException('A trace is there as .otlp.json, .chrome.json and .txt.');
    response.setHeader('content-type', file.type);
    if (download !== undefined) {
      const name = `trace-${trace.traceId}.${form.join('.')}`;
      response.setHeader('content-disposition', `attachment; filename="${name}"`);
    }
    return file.text;
  }

  @Get(':id/spans/:spanId')
  span(
    @Param('id') id: string,
    @Param('spanId') spanId: string,
    @Query('copy') copy: unknown = '0',
  ): SpanDetail {
    const trace = this.#find(id);
    const span = trace.span(spanId, typeof copy === 'string' && /^\d$/.test(copy) ? +copy : 0);
    if (!span) throw new NotFoundException('The trace has no such span.');
    return spanDetail(span, trace);
  }

  @Put(':id/pin')
  @HttpCode(204)
  pin(@Param('id') id: string): void {
    if (this.store.pin(this.#find(id), true)) return;
    const message =
      'No more can be kept: half of the store is pinned. Let go of another trace first.';
    throw new ConflictException(message);
  }

  @Delete(':id/pin')
  @HttpCode(204)
  unpin(@Param('id') id: string): void {
    this.store.pin(this.#find(id), false);
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id') id: string): void {
    this.store.remove(this.#find(id));
  }

  @Delete()
  @HttpCode(204)
  clear(): void {
    for (const trace of this.store.traces) if (!trace.isPinned) this.store.remove(trace);
  }

  /** Whoever has it as it is gets no second copy. */
  #detail(trace: StoredTrace, known: string | undefined, response: ServerResponse): string {
    const tag = this.details.tagOf(trace);
    response.setHeader('etag', tag);
    response.setHeader('content-type', JSON_TYPE);
    if (tag !== known) return this.details.read(trace);
    response.statusCode = 304;
    return '';
  }

  #find(id: string): StoredTrace {
    if (!/^[0-9a-f]{32}$/i.test(id)) throw new BadRequestException('A trace id is 32 hex digits.');
    const trace = this.store.trace(id.toLowerCase());
    if (!trace) throw new NotFoundException('This trace is not here, or not any more.');
    return trace;
  }
}
