import { it } from 'vitest';
import { expectNobodyElse } from './support/last-act.js';

it('K4 never blames those that merely come next after native code', () => expectNobodyElse(1));
