import { itLosesNothing } from './loss.js';

itLosesNothing(10_000);
