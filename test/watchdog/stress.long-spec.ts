import { it } from 'vitest';
import { expectUndisturbed } from './support/stress.js';

it('K14 changes nothing for the code that it interrupts', () => expectUndisturbed(3));
