import { interleave } from './interleaved.js';

interleave(1000);
