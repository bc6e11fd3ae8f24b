import { interleave } from '../measure.js';
import { inMode } from '../traced-method/modes.js';
import { variants } from './variants.js';

const EFFORT = { rounds: 60, turnMillis: 3, warmUpCalls: 60_000 };

process.send?.(await inMode('recording', () => interleave(variants(), EFFORT)));
