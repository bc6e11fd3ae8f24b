import { listen } from '../listen.js';
import { stockTransport } from '../stock/stock-transport.js';
import { PricingModule } from './pricing.module.js';

await listen(PricingModule, 3001, stockTransport);
