import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { SpanAttribute, Traced } from 'nestjs-tracing';

const WORK_MILLIS = 5;

/** What is left once one is reserved. */
export interface Reservation {
  readonly left: number;
}

/** Has ten of everything. */
@Injectable()
export class StockService {
  readonly #logger = new Logger(StockService.name);
  readonly #left = new Map<string, number>();

  @Traced('reserve one')
  async reserve(@SpanAttribute('request.key') key: string): Promise<Reservation> {
    await setTimeout(WORK_MILLIS);
    const left = ((this.#left.get(key) ?? 10) + 9) % 10;
    this.#left.set(key, left);
    this.#logger.log({ key, left }, 'one reserved');
    return { left };
  }

  @Traced('pick one')
  async pick(@SpanAttribute('request.key') key: string): Promise<void> {
    await setTimeout(WORK_MILLIS);
    this.#logger.log({ key }, 'one picked');
  }
}
