import { interleave } from '../measure.js';
import { variants } from './variants.js';

const EFFORT = { rounds: 40, turnMillis: 6, warmUpCalls: 400 };

process.send?.(await interleave(variants(), EFFORT));
