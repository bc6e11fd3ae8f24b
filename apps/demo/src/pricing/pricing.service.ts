import { setTimeout } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { SpanAttribute, Traced } from 'nestjs-tracing';

const WORK_MILLIS = 5;

/** An amount of money. */
export interface Amount {
  readonly cents: number;
}

/** Knows prices and discounts by heart, but takes a moment. */
@Injectable()
export class PricingService {
  readonly #logger = new Logger(PricingService.name);

  @Traced('find price')
  async price(@SpanAttribute('request.key') key: string): Promise<Amount> {
    await setTimeout(WORK_MILLIS);
    this.#logger.log({ key }, 'price found');
    return { cents: 100 * key.length };
  }

  @Traced('find discount')
  async discount(@SpanAttribute('request.key') key: string): Promise<Amount> {
    await setTimeout(WORK_MILLIS);
    this.#logger.log({ key }, 'discount found');
    return { cents: key.length };
  }
}
