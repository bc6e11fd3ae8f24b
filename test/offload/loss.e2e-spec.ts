import { itLosesNothing } from './loss.js';

itLosesNothing(1_000);
