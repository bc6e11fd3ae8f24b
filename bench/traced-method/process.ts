import { interleave } from '../measure.js';
import type { Mode } from './modes.js';
import { inMode } from './modes.js';
import { callCrowd, variants } from './variants.js';

const EFFORT = { rounds: 50, turnMillis: 3, warmUpCalls: 60_000 };

const mode = process.argv[2] as Mode;
const samples = await inMode(mode, async () => {
  await callCrowd();
  return interleave(variants(), EFFORT);
});
process.send?.(samples);
