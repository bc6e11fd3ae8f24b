import { interleave } from './interleaved.js';

interleave(10_000);
