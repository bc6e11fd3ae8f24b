import { HttpService } from '@nestjs/axios';
import { BadGatewayException, Injectable } from '@nestjs/common';

const { PRICING_URL = 'http://127.0.0.1:3001' } = process.env;

interface Amount {
  readonly cents: number;
}

/** The pricing service, once through `fetch` and once through axios: either way the trace goes on there. */
@Injectable()
export class PricingClient {
  constructor(private readonly http: HttpService) {}

  /** @throws BadGatewayException if the service has no answer */
  async price(key: string, signal: AbortSignal): Promise<number> {
    const response = await fetch(`${PRICING_URL}/prices/${key}`, { signal });
    if (!response.ok) throw new BadGatewayException(`No price: status ${response.status}.`);
    return ((await response.json()) as Amount).cents;
  }

  /** @throws AxiosError if the service has no answer */
  async discount(key: string, signal: AbortSignal): Promise<number> {
    const { data } = await this.http.axiosRef.get<Amount>(`${PRICING_URL}/discounts/${key}`, {
      signal,
    });
    return data.cents;
  }
}
