import { listen } from '../listen.js';
import { PricingModule } from './pricing.module.js';

await listen(PricingModule, 3001);
