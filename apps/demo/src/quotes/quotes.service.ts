import { Injectable } from '@nestjs/common';
import { TracingService, type TaskGroup } from 'nestjs-tracing';
import { PricingClient } from './pricing-client.js';

/** What a key costs, in cents. */
export interface Quote {
  readonly key: string;
  readonly cents: number;
}

/** Asks another service for price and discount at the same time. */
@Injectable()
export class QuotesService {
  constructor(
    private readonly pricing: PricingClient,
    private readonly tracing: TracingService,
  ) {}

  quote(key: string): Promise<Quote> {
    const attributes = { 'request.key': key };
    return this.tracing.group('quote', { attributes }, (group) => this.#ask(group, key));
  }

  async #ask(group: TaskGroup, key: string): Promise<Quote> {
    const price = group.spawn('ask for price', ({ signal }) => this.pricing.price(key, signal));
    const discount = group.spawn('ask for discount', ({ signal }) =>
      this.pricing.discount(key, signal),
    );
    return { key, cents: (await price) - (await discount) };
  }
}
