import type { Effort } from '../measure.js';
import { interleave } from '../measure.js';
import type { Mode } from '../traced-method/modes.js';
import { inMode } from '../traced-method/modes.js';
import type { Database } from './variants.js';
import { connectVariants } from './variants.js';

const EFFORTS = {
  sqljs: { rounds: 40, turnMillis: 20, warmUpCalls: 10_000, clock: 'thread' },
  postgres: { rounds: 60, turnMillis: 20, warmUpCalls: 2_000 },
} satisfies Record<Database, Effort>;

const [, , mode, database] = process.argv as [string, string, Mode, Database];
const samples = await inMode(mode, async () => {
  const { variants, close } = await connectVariants(database);
  const figures = await interleave(variants, EFFORTS[database]);
  await close();
  return figures;
});
process.send?.(samples);
